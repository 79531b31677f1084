"""What is the same for every address: HEAD where there is GET, and OPTIONS, which says what there
is."""

from collections.abc import Sequence

from fastapi.routing import iter_route_contexts
from starlette.requests import Request
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class _Answered(Exception):
    """The head is with the client; the rest of the answer need not be made."""


class HeadAsGet:
    """Answers HEAD as GET would, without the body. It is the innermost middleware: what is outside
    knows the request as it came."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            if message["type"] != "http.response.body":
                await send(message)
                return
            await send({"type": "http.response.body", "body": b""})
            if message.get("more_body"):
                raise _Answered

        inner = {**scope, "method": "GET"}
        try:
            await self.app(inner, receive, without_body)
        except _Answered:
            return
        finally:
            scope.update((name, inner[name]) for name in ("route", "endpoint") if name in inner)


def literal_paths(routes: Sequence[BaseRoute]) -> frozenset[str]:
    """The addresses in which no id stands. One of them is never another route's id."""
    paths = (getattr(each, "path", None) for each in iter_route_contexts(routes))
    return frozenset(path for path in paths if path and "{" not in path)


def allowed(request: Request) -> list[str]:
    """The methods of all routes of an address. The framework knows those of the first one."""
    path, routes = request.scope["path"], request.app.routes
    is_literal = path in literal_paths(routes)
    found = {
        method
        for each in iter_route_contexts(routes)
        if (form := getattr(each, "path_regex", None)) and form.match(path)
        if not is_literal or getattr(each, "path", "") == path
        for method in each.methods or ()
    }
    return sorted(found | {"OPTIONS"} | ({"HEAD"} if "GET" in found else set()))
