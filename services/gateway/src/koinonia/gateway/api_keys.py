"""API keys, exchanged at auth for short tokens that are kept for a minute.

A key that is whole in form and unknown is asked for once a minute from one address group, and an
address that shows many of them is refused without asking: keys cannot be guessed, and trying costs
auth nothing.
"""

import asyncio
import hashlib
import time
from collections import OrderedDict
from typing import NamedTuple

import aiohttp
import orjson
from limits import RateLimitItem

from koinonia.common.errors import Unauthorized
from koinonia.common.identity import api_keys
from koinonia.common.web.addresses import bucket
from koinonia.gateway.calls import Call
from koinonia.gateway.errors import RateLimited, UpstreamDown
from koinonia.gateway.throttle import Count, Throttle

KEPT_SECONDS = 60.0  # a removed key works no longer, whatever became of Redis
MOST = 4096
TIMEOUT = aiohttp.ClientTimeout(total=5.0, sock_connect=1.0)
PATH = "/inside/api-keys/exchange"
WINDOWS = 2


class ApiKeyInvalid(Unauthorized):
    """The same for a key that never was, one that was removed and one that expired."""

    code = "API_KEY_INVALID"
    message = (
        "The API key is not valid: it was mistyped, removed, or has expired. "
        "Make a new one under Settings, API keys."
    )


class _Kept(NamedTuple):
    token: str | None  # None: there is no such key
    until: float


class ApiKeys:
    """The tokens of keys that were shown lately, by the digest of the key. ``auth_url`` is asked
    over ``client``; ``failures`` limits the wrong keys of an address."""

    def __init__(
        self,
        client: aiohttp.ClientSession,
        auth_url: str,
        throttle: Throttle,
        failures: RateLimitItem,
    ) -> None:
        self._client = client
        self._url = auth_url + PATH
        self._throttle = throttle
        self._failures = failures
        self._kept: OrderedDict[bytes, _Kept] = OrderedDict()
        self._asking: dict[bytes, asyncio.Task[str | None]] = {}

    async def token(self, call: Call, key: str) -> str:
        """The access token of a key. Raises ``ApiKeyInvalid``, ``RateLimited`` and
        ``UpstreamDown``."""
        if not api_keys.is_whole(key):
            raise ApiKeyInvalid
        digest = hashlib.sha256(key.encode()).digest()
        kept = self._kept.get(digest)
        if kept is None or kept.until < time.monotonic():
            token = await self._asked(call, digest, key)
        else:
            token = kept.token
        if token is None:
            raise ApiKeyInvalid
        return token

    async def close(self) -> None:
        """End what is under way."""
        for task in list(self._asking.values()):
            task.cancel()
        await asyncio.gather(*self._asking.values(), return_exceptions=True)

    async def _asked(self, call: Call, digest: bytes, key: str) -> str | None:
        """Auth is asked once for all who show the key meanwhile."""
        await self._check_failures(call)
        if digest not in self._asking:
            self._asking[digest] = asyncio.create_task(self._exchanged(digest, key))
        token = await asyncio.shield(self._asking[digest])
        if token is None:
            await self._record_failure(call)
        return token

    async def _exchanged(self, digest: bytes, key: str) -> str | None:
        try:
            token = await self._answered(key)
            self._kept[digest] = _Kept(token, time.monotonic() + KEPT_SECONDS)
            self._kept.move_to_end(digest)
            if len(self._kept) > MOST:
                self._kept.popitem(last=False)
            return token
        finally:
            del self._asking[digest]

    async def _answered(self, key: str) -> str | None:
        """None for a key that auth does not know."""
        try:
            async with self._client.post(
                self._url,
                data=orjson.dumps({"key": key}),
                headers={"Content-Type": "application/json"},
                timeout=TIMEOUT,
            ) as response:
                if response.status == 200:
                    token: str = orjson.loads(await response.read())["token"]
                    return token
                if response.status == 401:
                    return None
        except (aiohttp.ClientError, TimeoutError) as failure:
            raise UpstreamDown("auth") from failure
        raise UpstreamDown("auth")

    async def _check_failures(self, call: Call) -> None:
        asked = self._count(call, 0)
        if not self._throttle.recent_failures.has(asked.key):
            return
        verdict = await self._throttle.ask([asked])
        if refused := verdict.refused:
            raise RateLimited(refused.limit.amount, refused.limit.get_expiry(), verdict.seconds)

    async def _record_failure(self, call: Call) -> None:
        failed = self._count(call, 1)
        self._throttle.recent_failures.add(failed.key, WINDOWS * failed.limit.get_expiry())
        await self._throttle.ask([failed])

    def _count(self, call: Call, cost: int) -> Count:
        return Count(f"key:{bucket(call.address)}", self._failures, cost)
