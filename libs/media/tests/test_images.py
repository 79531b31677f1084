import io

import pytest
from PIL import Image

from koinonia.media import images, kinds
from koinonia.media.images import LIMIT, Fitted
from koinonia.media.kinds import Kind

from .pictures import moving, noise, photograph, picture


def fitted(content: bytes, limit: int = LIMIT) -> Fitted:
    return images.fitted(content, kinds.recognised(content), limit)


def seen(result: Fitted) -> Image.Image:
    return Image.open(io.BytesIO(result.content))


def test_a_photograph_of_five_megabytes_ends_within_what_carriers_take() -> None:
    content = noise("JPEG", 2700, 1900, quality=93)
    result = fitted(content)
    assert len(content) > 5_000_000
    assert len(result.content) <= LIMIT
    assert seen(result).size == (result.file.width, result.file.height)
    width, height = seen(result).size
    assert width / height == pytest.approx(2700 / 1900, rel=0.01)


def test_a_photograph_is_turned_upright_and_tells_nothing_of_where_it_was_taken() -> None:
    result = fitted(photograph(width=60, height=40, orientation=6))
    assert seen(result).size == (40, 60)
    assert dict(seen(result).getexif()) == {}
    assert b"Exif" not in result.content
    assert b"telephone" not in result.content


def test_a_drawing_stays_sharp_where_it_fits() -> None:
    assert fitted(picture("PNG")).file.kind is Kind.PNG
    assert fitted(picture("BMP")).file.kind is Kind.JPEG


def test_what_shows_through_stays_so_where_it_fits_and_else_stands_on_white() -> None:
    small = fitted(noise("PNG", 100, 100, "RGBA"))
    large = fitted(noise("PNG", 700, 700, "RGBA"))
    assert (small.file.kind, seen(small).mode) == (Kind.PNG, "RGBA")
    assert (large.file.kind, seen(large).mode) == (Kind.JPEG, "RGB")
    assert len(large.content) <= LIMIT


def test_a_moving_picture_is_kept_as_it_is_or_refused_with_the_limit() -> None:
    content = moving()
    assert fitted(content).content == content
    with pytest.raises(kinds.NotTaken, match="may have 1 KB and this one has"):
        fitted(content, limit=1_000)


def test_a_picture_that_breaks_off_is_refused() -> None:
    content = noise("JPEG", 200, 200)
    file = kinds.recognised(content)
    with pytest.raises(kinds.NotTaken, match="broken"):
        images.fitted(content[: len(content) // 2], file)


async def test_a_workbench_knows_and_fits_in_threads() -> None:
    bench = images.Workbench(at_once=1)
    file = await bench.recognised(picture("WEBP"))
    assert (await bench.fitted(picture("WEBP"), file)).file.kind is Kind.JPEG
