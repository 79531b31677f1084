from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from koinonia.media.store import BucketStore, FolderStore, MediaStore, NoSuchObject, StoreAway

from .bucket import ACCESS_KEY, REGION, SECRET_KEY, Bucket, serving

KEY = "church/0190-file"


def bucket_store(url: str, secret_key: str = SECRET_KEY) -> BucketStore:
    return BucketStore(
        "media", endpoint=url, region=REGION, access_key=ACCESS_KEY, secret_key=secret_key
    )


@pytest_asyncio.fixture(params=["folder", "bucket"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[MediaStore]:
    if request.param == "folder":
        yield FolderStore(tmp_path / "media" / "below")
        return
    async with serving(Bucket()) as url:
        yield bucket_store(url)


async def read(store: MediaStore, part: tuple[int, int] | None = None) -> tuple[bytes, int]:
    opened = await store.open(KEY, part)
    return b"".join([chunk async for chunk in opened.content]), opened.total


async def test_what_is_put_comes_back_whole_and_in_part(store: MediaStore) -> None:
    content = bytes(range(256)) * 4_000
    await store.put(KEY, content, "image/png")
    assert await read(store) == (content, len(content))
    assert await read(store, (250, 260)) == (content[250:260], len(content))


async def test_what_is_put_again_is_replaced(store: MediaStore) -> None:
    for content in (b"first", b"second"):
        await store.put(KEY, content, "image/png")
    assert await read(store) == (b"second", 6)


async def test_what_is_deleted_is_gone_and_may_be_deleted_again(store: MediaStore) -> None:
    await store.put(KEY, b"first", "image/png")
    for _ in range(2):
        await store.delete(KEY)
    with pytest.raises(NoSuchObject):
        await store.open(KEY)


async def test_a_folder_takes_what_comes_in_pieces(tmp_path: Path) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for letter in (b"a", b"b"):
            yield letter * 1_000

    folder = FolderStore(tmp_path)
    await folder.put(KEY, pieces(), "video/mp4")
    assert await read(folder) == (b"a" * 1_000 + b"b" * 1_000, 2_000)


async def test_a_bucket_is_told_what_the_object_is() -> None:
    bucket = Bucket()
    async with serving(bucket) as url:
        await bucket_store(url).put(KEY, b"%PDF", "application/pdf")
    assert bucket.objects == {f"/media/{KEY}": (b"%PDF", "application/pdf")}


async def test_a_bucket_that_knows_another_key_refuses_and_keeps_nothing() -> None:
    bucket = Bucket()
    async with serving(bucket) as url:
        with pytest.raises(StoreAway) as refused:
            await bucket_store(url, "another").put(KEY, b"first", "image/png")
    assert bucket.objects == {}
    assert SECRET_KEY not in str(refused.value)


async def test_a_folder_that_cannot_be_written_is_a_store_that_is_away(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(StoreAway):
        await FolderStore(tmp_path / "file" / "media").put(KEY, b"first", "image/png")
