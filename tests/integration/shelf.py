"""Where the carrier keeps the pictures that people text."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from PIL import Image
from pillow_heif import from_pillow


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(out, "JPEG")
    return out.getvalue()


def photograph() -> bytes:
    """As an iPhone takes it."""
    out = io.BytesIO()
    from_pillow(Image.new("RGB", (60, 40), "teal")).save(out)
    return out.getvalue()


class Shelf:
    """Answers with what is in ``files`` by its path."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.host = ""

    def put(self, path: str, content: bytes) -> str:
        """Its address."""
        self.files[path] = content
        return f"http://{self.host}{path}"

    async def _answer(self, request: web.Request) -> web.Response:
        content = self.files.get(request.path)
        return web.Response(body=content, status=200 if content else 404)

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Shelf"]:
        app = web.Application()
        app.router.add_get("/{path:.*}", self._answer)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.host = f"127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield self
        finally:
            await runner.cleanup()
