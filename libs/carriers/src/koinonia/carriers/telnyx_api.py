"""One call to Telnyx's API v2: either the decoded body of a success, or a ``CarrierFailure``."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx
import orjson

from koinonia.carriers import telnyx_codes
from koinonia.carriers.failures import CarrierFailure, Failure

TOTAL_SECONDS = 10.0
TIMEOUT = httpx.Timeout(connect=3.0, read=7.0, write=3.0, pool=5.0)
LIMITS = httpx.Limits(max_connections=64, max_keepalive_connections=64, keepalive_expiry=30.0)

# Nothing of the request was written yet, so it cannot have been carried out.
NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class Api:
    """Telnyx's API behind an open HTTP client."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str, key: str) -> AsyncIterator["Api"]:
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        async with httpx.AsyncClient(
            base_url=url, headers=headers, timeout=TIMEOUT, limits=LIMITS
        ) as client:
            yield cls(client)

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
        try:
            async with asyncio.timeout(TOTAL_SECONDS):
                return await self._client.request(method, path, **request)
        except NEVER_LEFT as error:
            raise CarrierFailure(Failure.NOT_CONNECTED, detail=type(error).__name__) from error
        except (httpx.HTTPError, TimeoutError) as error:
            raise CarrierFailure(
                Failure.NO_ANSWER, detail=type(error).__name__, ambiguous=True
            ) from error


def _decoded(content: bytes) -> Any:
    try:
        return orjson.loads(content)
    except ValueError:  # a gateway in between speaks HTML
        return None
