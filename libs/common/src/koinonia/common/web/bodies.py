"""How large a request may be."""

import re
from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from koinonia.common import errors
from koinonia.common.web import problems

KB, MB = 1024, 1024 * 1024
LENGTH = b"content-length"
ANNOUNCES_BODY = (LENGTH, b"transfer-encoding")
BODY_LIMIT = 256 * KB
"""Of JSON. A thousand ids are 40 KB, the longest text that is measured 240 KB with each of its
letters escaped; what is taken apart and checked beside others must not take long."""


class BodyLimit:
    """Refuses a body over the limit of its path (413): by ``Content-Length`` before a byte is
    read, and by counting where no length was given. What fits passes through unchanged. In a
    prefix ``*`` stands for one segment, an id."""

    def __init__(self, app: ASGIApp, default: int, by_prefix: Mapping[str, int]) -> None:
        self.app = app
        self._default = default
        self._prefixes = [
            (re.compile(re.escape(prefix).replace(r"\*", "[^/]+")), size)
            for prefix, size in sorted(by_prefix.items(), key=lambda item: -len(item[0]))
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        if headers.keys().isdisjoint(ANNOUNCES_BODY):  # no body follows (RFC 9112, 6.3)
            await self.app(scope, receive, send)
            return
        limit = self._limit(scope["path"])
        length = headers.get(LENGTH, b"")
        if length.isdigit() and int(length) > limit:
            await problems.answer(errors.TooLarge(_sentence(limit)))(scope, receive, send)
            return
        await self.app(scope, _counted(receive, limit), send)

    def _limit(self, path: str) -> int:
        return next((size for prefix, size in self._prefixes if prefix.match(path)), self._default)


def _counted(receive: Receive, limit: int) -> Receive:
    received = 0

    async def counted() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > limit:  # Starlette's own class: its parsers pass it on, and no other
            raise HTTPException(errors.TooLarge.status, _sentence(limit))
        return message

    return counted


def _sentence(limit: int) -> str:
    size = f"{limit // MB} MB" if limit >= MB else f"{limit // KB} KB"
    return f"The request is larger than {size}. Send less at once."
