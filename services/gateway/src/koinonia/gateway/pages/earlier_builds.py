"""The files of other builds, for a day: of the build before this one, which an open tab still asks
for, and of the next one while gateways of both run.

Every gateway puts the files whose names hold their hash into Redis, and asks there for one that it
does not have itself. They are signed with the key that all gateways share: what somebody else wrote
into Redis is never sent as a script of ours. Without Redis there are those of this build alone.
"""

import asyncio
import hashlib
import hmac
from collections import OrderedDict
from collections.abc import Mapping

from koinonia.common.cache import Cache
from koinonia.gateway.pages.files import File, is_hashed

KEPT_SECONDS = 26 * 3600  # after the last renewal, so a day and more after the last gateway ended
RENEWED_SECONDS = 3600.0
AGAIN_SECONDS = 2.0  # after Redis was away
MOST_BYTES = 16 * 1024 * 1024  # of other builds, in the memory of this process

_SIGNED = "sha256"
_SIGNATURE_BYTES = hashlib.new(_SIGNED).digest_size


class EarlierBuilds:
    """The files of every build of the last day."""

    def __init__(self, cache: Cache, key: bytes, own: Mapping[str, File]) -> None:
        self._cache = cache
        self._key = hashlib.blake2b(b"pages", key=key).digest()
        self._own = {path: file for path, file in own.items() if is_hashed(path)}
        self._found: OrderedDict[str, File] = OrderedDict()
        self._renewing = asyncio.create_task(self._renew(), name="pages-renew")

    async def close(self) -> None:
        self._renewing.cancel()
        await asyncio.wait([self._renewing])

    async def get(self, path: str) -> File | None:
        """The file at ``path`` of whichever build had it, or None."""
        if file := self._found.get(path):
            return file
        if not is_hashed(path) or (kept := await self._cache.get(_key(path))) is None:
            return None
        signature, body = kept[:_SIGNATURE_BYTES], kept[_SIGNATURE_BYTES:]
        if not hmac.compare_digest(signature, self._signature(path, body)):
            return None
        return self._remember(path, body)

    def _remember(self, path: str, body: bytes) -> File:
        file = self._found[path] = File.made(path, body)
        while sum(len(each.body) for each in self._found.values()) > MOST_BYTES:
            self._found.popitem(last=False)
        return file

    async def _renew(self) -> None:
        while True:
            are_kept = [await self._put(path, file) for path, file in self._own.items()]
            await asyncio.sleep(RENEWED_SECONDS if all(are_kept) else AGAIN_SECONDS)

    async def _put(self, path: str, file: File) -> bool:
        kept = self._signature(path, file.body) + file.body
        return await self._cache.put(_key(path), kept, seconds=KEPT_SECONDS)

    def _signature(self, path: str, body: bytes) -> bytes:
        return hmac.digest(self._key, path.encode() + b"\0" + body, _SIGNED)


def _key(path: str) -> str:
    return f"page:{path}"
