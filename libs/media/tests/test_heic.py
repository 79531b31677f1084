"""Photographs of iPhones, decoded by a process of its own."""

import asyncio
import io
import struct
import time

import pytest
from PIL import Image

from koinonia.media import heic, heic_process, kinds
from koinonia.media.images import Workbench

from .pictures import SMALL_HEIC, box


async def test_a_heic_becomes_an_upright_jpeg_without_what_it_tells() -> None:
    written = await heic.converted(SMALL_HEIC)
    with Image.open(io.BytesIO(written)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (48, 64))
        assert not picture.getexif()
        top, bottom = picture.getpixel((24, 4)), picture.getpixel((24, 60))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert (top[0] > 150, bottom[2] > 150) == (True, True)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"Hello",
        box(b"heic"),
        SMALL_HEIC[:200],
        SMALL_HEIC[:-20],
        SMALL_HEIC[:60] + b"\xff" * 900,
    ],
    ids=["nothing", "words", "a head", "its beginning", "cut short", "nonsense"],
)
async def test_a_broken_one_is_not_taken_and_breaks_nothing(content: bytes) -> None:
    with pytest.raises(kinds.NotTaken, match="broken"):
        await heic.converted(content)


async def test_one_that_claims_very_many_pixels_is_not_decoded() -> None:
    """The size of an image stands in the box ``ispe``."""
    at = SMALL_HEIC.index(b"ispe") + 8
    claimed = SMALL_HEIC[:at] + struct.pack(">II", 60_000, 60_000) + SMALL_HEIC[at + 8 :]
    began = time.monotonic()
    with pytest.raises(kinds.NotTaken, match=r"pixels|broken"):
        await heic.converted(claimed)
    assert time.monotonic() - began < 5


async def test_what_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heic, "SECONDS", 0.3)
    monkeypatch.setattr(heic, "PROGRAM", ("-c", "import signal; signal.pause()"))
    with pytest.raises(kinds.NotTaken, match="too long"):
        await heic.converted(SMALL_HEIC)


async def test_the_process_has_no_secrets_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOINONIA_PHONE_KEYS", "secret")
    said = "import os, sys; sys.stdout.write(repr(sorted(os.environ)))"
    monkeypatch.setattr(heic, "PROGRAM", ("-c", said))
    assert b"KOINONIA" not in await heic.converted(b"")


async def test_a_large_one_stays_within_its_memory() -> None:
    """As many pixels as are taken: the process is limited, and the limit is enough."""
    from pillow_heif import from_pillow

    out = io.BytesIO()
    from_pillow(Image.new("RGB", (5_700, 4_380), "teal")).save(out, quality=20)
    assert heic_process.MOST_PIXELS > 5_700 * 4_380
    written = await Workbench().converted(out.getvalue())
    assert kinds.recognised(written).width == 5_700


async def test_they_are_worked_on_one_at_a_time() -> None:
    bench = Workbench()
    written = await asyncio.gather(*(bench.converted(SMALL_HEIC) for _ in range(3)))
    assert len(set(written)) == 1
