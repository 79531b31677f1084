"""Make images fit for every US carrier: at most 600 KB, upright, without metadata.

The metadata of a photograph tells where and when it was taken, and with whose telephone. So every
image is written anew, without it; only an animated GIF stays as it is, because it cannot be resized
here and still play.
"""

import asyncio
import io
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, ImageOps

from koinonia.media import heic, kinds
from koinonia.media.kinds import File, Kind, NotTaken

LIMIT = 600_000  # bytes; the least that any of the carriers takes (AT&T and T-Mobile, toll-free)
SIDES = (2048, 1600, 1280, 1024, 800, 640, 480, 320)  # pixels of the longer side
QUALITIES = (85, 75, 65)
MOST_PROFILE = 4096  # bytes; larger colour profiles are for printing and are dropped
DRAWN = (Kind.PNG, Kind.GIF)  # often drawings and letters, whose edges JPEG blurs


@dataclass(frozen=True, slots=True)
class Fitted:
    """An image ready to be sent."""

    content: bytes
    file: File


def fitted(content: bytes, file: File, limit: int = LIMIT) -> Fitted:
    """The image in at most ``limit`` bytes: PNG for transparent or drawn ones that fit, else JPEG.
    Raises ``NotTaken``. Takes up to a second, so run it in a thread."""
    with kinds.opened(content) as image:
        if file.kind is Kind.GIF and getattr(image, "n_frames", 1) > 1:
            return _as_it_is(content, file, limit)
        profile = image.info.get("icc_profile") or b""
        image.thumbnail((SIDES[0], SIDES[0]))  # a JPEG is decoded at a fraction of its size
        picture = _plain(ImageOps.exif_transpose(image))
    keeps_alpha = picture.mode == "RGBA"
    for written, kind, size in _attempts(
        picture,
        as_png=keeps_alpha or file.kind in DRAWN,
        profile=profile if len(profile) <= MOST_PROFILE else b"",
    ):
        if len(written) <= limit:
            return Fitted(written, File(kind, *size))
    raise NotTaken(f"The image cannot be made to fit {limit // 1000} KB. Choose another.")


class Workbench:
    """Works on images in threads, ``at_once`` at most: each takes up to 150 MB meanwhile."""

    def __init__(self, at_once: int = 2) -> None:
        self._turns = asyncio.Semaphore(at_once)
        self._heic_turn = asyncio.Semaphore(1)

    async def converted(self, content: bytes) -> bytes:
        """See :func:`koinonia.media.heic.converted`; one at a time, since it takes 220 MB."""
        async with self._heic_turn:
            return await heic.converted(content)

    async def recognised(self, content: bytes) -> File:
        """See :func:`koinonia.media.kinds.recognised`."""
        async with self._turns:
            return await asyncio.to_thread(kinds.recognised, content)

    async def fitted(self, content: bytes, file: File, limit: int = LIMIT) -> Fitted:
        """See :func:`fitted`."""
        async with self._turns:
            return await asyncio.to_thread(fitted, content, file, limit)


def _as_it_is(content: bytes, file: File, limit: int) -> Fitted:
    if len(content) > limit:
        raise NotTaken(
            f"A moving GIF may have {limit // 1000} KB and this one has {len(content) // 1000}. "
            "Choose a shorter or smaller one."
        )
    return Fitted(content, file)


def _plain(image: Image.Image) -> Image.Image:
    """In RGB, or RGBA where it is transparent; without what Pillow would write again by itself,
    such as a comment."""
    picture = image.convert("RGBA" if image.has_transparency_data else "RGB")
    if picture.mode == "RGBA" and picture.getchannel("A").getextrema() == (255, 255):
        picture = picture.convert("RGB")
    picture.info = {}
    return picture


def _attempts(
    picture: Image.Image, *, as_png: bool, profile: bytes
) -> Iterator[tuple[bytes, Kind, tuple[int, int]]]:
    """The picture written in ever fewer bytes."""
    if as_png:
        yield _written(picture, Kind.PNG, profile), Kind.PNG, picture.size
    opaque = _on_white(picture)
    for side in SIDES:
        if side < max(picture.size) or side == SIDES[0]:
            opaque.thumbnail((side, side))
            for quality in QUALITIES:
                written = _written(opaque, Kind.JPEG, profile, quality=quality)
                yield written, Kind.JPEG, opaque.size


def _written(picture: Image.Image, kind: Kind, profile: bytes, **options: int) -> bytes:
    out = io.BytesIO()
    form = "PNG" if kind is Kind.PNG else "JPEG"
    picture.save(out, form, icc_profile=profile or None, **options)
    return out.getvalue()


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode == "RGB":
        return picture.copy()
    white = Image.new("RGB", picture.size, "white")
    white.paste(picture, mask=picture.getchannel("A"))
    return white
