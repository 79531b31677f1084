"""Files as staff upload them, and as a page asks for them."""

from typing import Any
from urllib.parse import urlsplit

import httpx

from .carrier_media import picture

PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\n%%EOF\n"


async def upload(
    api: httpx.AsyncClient, content: bytes = b"", name: str = "map.png"
) -> httpx.Response:
    return await api.post("/api/media", files={"files": (name, content or picture("PNG"))})


async def uploaded(api: httpx.AsyncClient, content: bytes = b"", name: str = "map.png") -> Any:
    answer = await upload(api, content, name)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def shown(api: httpx.AsyncClient, url: str, **headers: str) -> httpx.Response:
    """As a carrier or an image of a page asks: with nobody signed in."""
    parts = urlsplit(url)
    request = api.build_request("GET", f"{parts.path}?{parts.query}", headers=headers)
    del request.headers["authorization"]
    return await api.send(request)
