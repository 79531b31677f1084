"""One call to Telnyx's API v2: either the decoded body of a success, or a ``CarrierFailure``."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx
import orjson

from koinonia.carriers import telnyx_codes
from koinonia.carriers.failures import CarrierFailure, Failure

TOTAL_SECONDS = 10.0
TIMEOUT = httpx.Timeout(connect=3.0, read=7.0, write=3.0, pool=3.0)
LINES = 64  # calls under way at one time; further ones wait for a line

# Nothing of the request was written yet, so it cannot have been carried out.
NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class Api:
    """Telnyx's API over a number of lines: HTTP clients with one kept connection each.

    One client with many connections would do, but for every request its pool compares every
    connection with every other: at 64 it spends more time there than on the calls.
    """

    def __init__(self, lines: Sequence[httpx.AsyncClient]) -> None:
        self._idle = list(lines)
        self._free = asyncio.Semaphore(len(lines))

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str, key: str) -> AsyncIterator["Api"]:
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        one = httpx.Limits(max_connections=1, keepalive_expiry=30.0)
        tls = ssl.create_default_context()
        async with AsyncExitStack() as stack:
            lines = [
                httpx.AsyncClient(
                    base_url=url, headers=headers, timeout=TIMEOUT, limits=one, verify=tls
                )
                for _ in range(LINES)
            ]
            for line in lines:
                await stack.enter_async_context(line)
            yield cls(lines)

    async def find(self, path: str, params: Mapping[str, str] | None = None) -> dict[str, Any]:
        return await self._call("GET", path, params=params)

    async def create(self, path: str, body: object, key: str) -> dict[str, Any]:
        """``key`` makes repeating the identical call harmless for 24 hours."""
        headers = {"Idempotency-Key": key}
        return await self._call("POST", path, content=orjson.dumps(body), headers=headers)

    async def change(self, path: str, body: object) -> dict[str, Any]:
        return await self._call("PATCH", path, content=orjson.dumps(body))

    async def _call(self, method: str, path: str, **request: Any) -> dict[str, Any]:
        response = await self._answer(method, path, **request)
        body = _decoded(response.content)
        if response.is_success and isinstance(body, dict):
            return body
        raise telnyx_codes.refusal(response.status_code, response.headers, body)

    async def _answer(self, method: str, path: str, **request: Any) -> httpx.Response:
        async with self._line() as line:
            try:
                async with asyncio.timeout(TOTAL_SECONDS):
                    return await line.request(method, path, **request)
            except NEVER_LEFT as error:
                raise CarrierFailure(Failure.NOT_CONNECTED, detail=_kind(error)) from error
            except (httpx.HTTPError, TimeoutError) as error:
                raise CarrierFailure(
                    Failure.NO_ANSWER, detail=_kind(error), ambiguous=True
                ) from error

    @asynccontextmanager
    async def _line(self) -> AsyncIterator[httpx.AsyncClient]:
        try:
            async with asyncio.timeout(TOTAL_SECONDS):
                await self._free.acquire()
        except TimeoutError as error:
            raise CarrierFailure(Failure.NOT_CONNECTED, detail="all lines are busy") from error
        line = self._idle.pop()  # the one used last: its connection is still open
        try:
            yield line
        finally:
            self._idle.append(line)
            self._free.release()


def _kind(error: Exception) -> str:
    return type(error).__name__


def _decoded(content: bytes) -> Any:
    try:
        return orjson.loads(content)
    except ValueError:  # a gateway in between speaks HTML
        return None
