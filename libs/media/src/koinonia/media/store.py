"""Where files are kept: an S3-compatible store, or a folder of this machine.

Keys are paths with ``/``. An object is written whole or not at all, and a second ``put`` replaces
it: one that is repeated after a crash leaves one object. Both stores use obstore
(``docs/decisions/0013-media.md``).
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

if TYPE_CHECKING:
    from obstore import GetResult
    from obstore.store import S3Config

CONNECT_TIMEOUT = timedelta(seconds=5)
TIMEOUT = timedelta(seconds=30)
RETRIES = 3
CHUNK = 256 * 1024  # bytes that are sent to a client at a time


class NoSuchObject(Exception):
    """There is no object under this key."""


class StoreAway(Exception):
    """The store does not work now; the same call may succeed later."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An object, or a part of it, to be read. ``total`` is the size of the whole in bytes;
    ``content`` may raise ``StoreAway``."""

    content: AsyncIterator[bytes]
    total: int


class MediaStore(Protocol):
    """A store. Every method raises ``StoreAway`` when it cannot be reached."""

    async def put(self, key: str, content: bytes | AsyncIterator[bytes], kind: str) -> None:
        """Keep ``content`` under ``key``; ``kind`` is its content type."""

    async def open(self, key: str, part: tuple[int, int] | None = None) -> Opened:
        """The object, or the bytes from the first number of ``part`` up to before the second.
        Raises ``NoSuchObject``."""

    async def delete(self, key: str) -> None:
        """Delete the object; nothing happens where there is none."""


class FolderStore:
    """Files below ``folder``, which is created at the first use. For one machine only: several that
    serve the same files need a shared folder, or a bucket."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def put(self, key: str, content: bytes | AsyncIterator[bytes], kind: str) -> None:
        with _translated_errors():  # a file system keeps no content type
            await obstore.put_async(self._store, key, content)

    async def open(self, key: str, part: tuple[int, int] | None = None) -> Opened:
        return await _open(self._store, key, part)

    async def delete(self, key: str) -> None:
        await _delete(self._store, key)

    @cached_property
    def _store(self) -> LocalStore:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return LocalStore(self._folder.absolute())


class BucketStore:
    """A bucket of an S3-compatible store: AWS's own without ``endpoint``. Without keys the
    credentials are those of the machine (role, environment)."""

    def __init__(
        self,
        bucket: str,
        *,
        region: str,
        endpoint: str | None = None,
        access_key: str | None = None,
        secret_key: str | None = None,
    ) -> None:
        config: S3Config = {"region": region}
        if endpoint:
            config["endpoint"] = endpoint
        if access_key and secret_key:
            config |= {"access_key_id": access_key, "secret_access_key": secret_key}
        self._store = S3Store(
            bucket,
            config=config,
            client_options={
                "connect_timeout": CONNECT_TIMEOUT,
                "timeout": TIMEOUT,
                "allow_http": bool(endpoint and endpoint.startswith("http://")),
            },
            retry_config={"max_retries": RETRIES, "retry_timeout": TIMEOUT},
        )

    async def put(self, key: str, content: bytes | AsyncIterator[bytes], kind: str) -> None:
        whole = isinstance(content, bytes)
        with _translated_errors():
            await obstore.put_async(
                self._store,
                key,
                content,
                attributes={"Content-Type": kind},
                use_multipart=False if whole else None,
            )

    async def open(self, key: str, part: tuple[int, int] | None = None) -> Opened:
        return await _open(self._store, key, part)

    async def delete(self, key: str) -> None:
        await _delete(self._store, key)


async def _open(store: LocalStore | S3Store, key: str, part: tuple[int, int] | None) -> Opened:
    with _translated_errors():
        result = await obstore.get_async(store, key, options={"range": part} if part else {})
    return Opened(_chunks(result), result.meta["size"])


async def _chunks(result: "GetResult") -> AsyncIterator[bytes]:
    with _translated_errors():
        async for chunk in result.stream(min_chunk_size=CHUNK):
            yield bytes(chunk)


async def _delete(store: LocalStore | S3Store, key: str) -> None:
    try:
        with _translated_errors():
            await obstore.delete_async(store, key)
    except NoSuchObject:
        pass


@contextmanager
def _translated_errors() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise NoSuchObject from error
    except (BaseError, OSError) as error:
        raise StoreAway(str(error).partition("\n")[0]) from error
