"""The merged interface, kept for a minute; a service that is away keeps its last document."""

import asyncio
import gzip
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
import orjson
from aiohttp import ClientTimeout

from koinonia.gateway.reference import merging, page
from koinonia.gateway.upstreams import Upstreams

KEPT_SECONDS = 60.0
INCOMPLETE_SECONDS = 5.0  # while a service has not answered yet
ANSWER_SECONDS = 3.0
DESCRIPTION = (
    "Text messages between a church and its people. Sign in with POST /api/auth/login; "
    "a browser then sends a cookie, and GET /api/csrf-token has the token for changes. "
    "Every failure is {error: {message, code, details}}; every list is "
    "{data, hasMore, nextCursor}."
)


@dataclass(frozen=True, slots=True)
class Rendered:
    """The document in its two forms, each also compressed."""

    json: bytes = b""
    html: bytes = b""
    json_gzip: bytes = b""
    html_gzip: bytes = b""


class Interface:
    """The interface of everything behind the door. ``own`` is the gateway's own document."""

    def __init__(self, upstreams: Upstreams, public_url: str) -> None:
        self._upstreams = upstreams
        self._public_url = public_url
        self._documents: dict[str, bytes] = {}
        self._rendered = Rendered()
        self._fresh_until = float("-inf")
        self._lock = asyncio.Lock()

    async def rendered(self, own: Mapping[str, Any]) -> Rendered:
        """As of the last minute."""
        async with self._lock:
            if time.monotonic() >= self._fresh_until:
                await self._renew(own)
        return self._rendered

    async def _renew(self, own: Mapping[str, Any]) -> None:
        urls = self._upstreams.urls
        fetched = await asyncio.gather(*(self._fetched(url) for url in urls.values()))
        found = {name: body for name, body in zip(urls, fetched, strict=True) if body}
        documents = {**self._documents, **found}
        if documents != self._documents or not self._rendered.json:
            self._rendered = await asyncio.to_thread(_render, documents, own, self._public_url)
            self._documents = documents
        complete = len(found) == len(urls)
        self._fresh_until = time.monotonic() + (KEPT_SECONDS if complete else INCOMPLETE_SECONDS)

    async def _fetched(self, url: str) -> bytes | None:
        try:
            async with self._upstreams.session.get(
                f"{url}/openapi.json",
                timeout=ClientTimeout(total=ANSWER_SECONDS, sock_connect=1),
                raise_for_status=True,
            ) as response:
                return await response.read()
        except (aiohttp.ClientError, TimeoutError):
            return None


def document(
    services: Mapping[str, Mapping[str, Any]], own: Mapping[str, Any], public_url: str
) -> dict[str, Any]:
    """The documents of all services and the gateway's own as one."""
    info = {"title": "Koinonia", "version": "1", "description": DESCRIPTION}
    return merging.merged({merging.OWN: own, **dict(sorted(services.items()))}, info, public_url)


def _render(documents: Mapping[str, bytes], own: Mapping[str, Any], public_url: str) -> Rendered:
    parsed = {name: orjson.loads(body) for name, body in documents.items()}
    merged = document(parsed, own, public_url)
    json, html = orjson.dumps(merged), page.rendered(merged).encode()
    return Rendered(json, html, gzip.compress(json, 6), gzip.compress(html, 6))
