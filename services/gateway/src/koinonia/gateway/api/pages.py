"""The pages: every address that is no other's, where a browser asks for one."""

from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

from koinonia.common.web.keeping import entity_tags
from koinonia.gateway import running
from koinonia.gateway.pages import files

OTHERS = frozenset({"api", "health", "metrics", ".well-known"})
"""Whatever is asked for below these is for programs: what is not there is an error in JSON."""

_KEPT = frozenset({b"cache-control", b"content-security-policy", b"etag", b"vary"})
"""What a 304 says again (RFC 9110, 15.4.5)."""


class PageRoute(BaseRoute):
    """The last of all routes, past FastAPI: what it answers lies ready."""

    path = path_format = "/{page}"

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        is_it = scope["type"] == "http" and scope["method"] == "GET" and self._is_asked_for(scope)
        return (Match.FULL if is_it else Match.NONE), {}

    def _is_asked_for(self, scope: Scope) -> bool:
        path: str = scope["path"]
        if path.lstrip("/").partition("/")[0] in OTHERS:
            return False
        if path == "/" or path.startswith(files.ASSETS):
            return True
        is_file = path in running.from_scope(scope).pages.own
        return is_file or "text/html" in _header(scope, b"accept")

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["route"] = self  # its path stands in the log
        file = await running.from_scope(scope).pages.find(scope["path"])
        body, headers = file.form(_header(scope, b"accept-encoding"))
        status = 200
        if entity_tags.matches(_header(scope, b"if-none-match"), file.tag):
            status, body = 304, b""
            headers = tuple(header for header in headers if header[0] in _KEPT)
        await send({"type": "http.response.start", "status": status, "headers": list(headers)})
        await send({"type": "http.response.body", "body": body})


def _header(scope: Scope, name: bytes) -> str:
    return ",".join(value.decode("latin-1") for key, value in scope["headers"] if key == name)
