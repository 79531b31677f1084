"""The carrier's store of media, and files as people send and upload them."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from PIL import Image


def picture(kind: str = "JPEG", width: int = 60, height: int = 40) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(out, kind)
    return out.getvalue()


class Store:
    """Answers ``GET`` with what it holds under a path, or with the status it has for it."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.statuses: dict[str, int] = {}
        self.asked: list[str] = []
        self.url = ""

    def holds(self, path: str, content: bytes) -> str:
        """Its address."""
        self.files[path] = content
        return self.url + path

    def answers(self, path: str, status: int) -> str:
        """Its address."""
        self.statuses[path] = status
        return self.url + path

    @property
    def host(self) -> str:
        return self.url.removeprefix("http://")

    async def _answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        if request.path in self.files:
            return web.Response(body=self.files[request.path], content_type="text/html")
        return web.Response(status=self.statuses[request.path])

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["Store"]:
        app = web.Application()
        app.router.add_get("/{path:.*}", self._answer)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield self
        finally:
            await runner.cleanup()
