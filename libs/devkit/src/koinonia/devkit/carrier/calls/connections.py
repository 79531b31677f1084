"""Ends a connection without an answer, which ASGI cannot express."""

import asyncio
import contextlib
import socket
import struct
from collections.abc import MutableMapping
from typing import cast

from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

RESET = "koinonia.reset"
AT_ONCE = struct.pack("ii", 1, 0)  # linger for no time: closing sends RST and drops what waits


class Protocol(HttpToolsProtocol):
    """Lets an application end the connection: ``scope["extensions"]["koinonia.reset"]()``."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        scope = cast(MutableMapping[str, object], self.scope)
        scope["extensions"] = {RESET: self._reset}

    def _reset(self) -> None:
        link = self.transport.get_extra_info("socket")
        if link is not None:
            with contextlib.suppress(OSError):
                link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        self.transport.abort()


class Reset(Response):
    """No answer: the connection is reset."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["extensions"][RESET]()
        await _gone(receive)


class Silence(Reset):
    """No answer for so many seconds or until the caller gives up, then a reset."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            async with asyncio.timeout(self._seconds):
                await _gone(receive)
        except TimeoutError:
            await super().__call__(scope, receive, send)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
