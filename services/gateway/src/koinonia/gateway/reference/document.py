"""``openapi.json`` as it is served: with the address of this installation, as JSON and as a page.

The file lies in this package, so that a gateway can serve it without any other service. It is
generated from the routes of all services (``make openapi``); ``make lint`` sees that it is fresh.
"""

import asyncio
import gzip
from dataclasses import dataclass
from importlib import resources

import orjson

from koinonia.gateway.reference import page
from koinonia.gateway.reference.schemas import JsonObject

FILE = resources.files(__package__) / "openapi.json"


@dataclass(frozen=True, slots=True)
class Rendered:
    """The document in its two forms, each also compressed."""

    json: bytes
    html: bytes
    json_gzip: bytes
    html_gzip: bytes


class Reference:
    """The interface of all services, rendered once, when it is first asked for."""

    def __init__(self, public_url: str) -> None:
        self._public_url = public_url
        self._rendered: Rendered | None = None
        self._lock = asyncio.Lock()

    async def rendered(self) -> Rendered:
        async with self._lock:
            if self._rendered is None:
                self._rendered = await asyncio.to_thread(_render, self._public_url)
        return self._rendered


def document(public_url: str) -> JsonObject:
    """The document, with ``public_url`` as its server."""
    return {**orjson.loads(FILE.read_bytes()), "servers": [{"url": public_url}]}


def _render(public_url: str) -> Rendered:
    served = document(public_url)
    json, html = orjson.dumps(served), page.rendered(served).encode()
    return Rendered(json, html, gzip.compress(json, 6), gzip.compress(html, 6))
