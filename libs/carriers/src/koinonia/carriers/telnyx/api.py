"""One call to Telnyx's API v2: either the decoded body of a success, or a ``CarrierFailure``."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import orjson

from koinonia.carriers import http
from koinonia.carriers.telnyx import codes


class Api:
    """Telnyx's API; ``url`` includes the version."""

    def __init__(self, client: http.Client, url: str) -> None:
        self._client = client
        self._url = url

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str, key: str) -> AsyncIterator["Api"]:
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        async with http.Client.open(headers) as client:
            yield cls(client, url)

    async def find(self, path: str, params: Mapping[str, str] | None = None) -> dict[str, object]:
        return await self._call("GET", path, params=params)

    async def create(self, path: str, body: object, key: str) -> dict[str, object]:
        """``key`` makes repeating the identical call harmless for 24 hours."""
        headers = {"Idempotency-Key": key}
        return await self._call("POST", path, body=orjson.dumps(body), headers=headers)

    async def change(self, path: str, body: object) -> dict[str, object]:
        return await self._call("PATCH", path, body=orjson.dumps(body))

    async def remove(self, path: str) -> None:
        await self._call("DELETE", path)

    async def _call(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> dict[str, object]:
        answer = await self._client.call(
            method, self._url + path, params=params, body=body, headers=headers
        )
        if answer.is_success and isinstance(answer.body, dict):
            return answer.body
        raise codes.refusal(answer)
