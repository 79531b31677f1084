"""What is answered before the framework: whatever nearly every request wants.

FastAPI finds its route among a hundred and surrounds it with a router, a stack of contexts and a
handler of exceptions; that cost more than all that the gateway does itself
(``docs/performance.md``). What is asked for once in a while stays with it (``api/``).
"""

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from koinonia.common.errors import AppError
from koinonia.common.web import problems
from koinonia.gateway import proxy, routes, running
from koinonia.gateway.api import health
from koinonia.gateway.cross_origin import is_preflight


class Front:
    """The innermost of our layers: a request has its id by now, and its body a limit."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif is_preflight(scope):
            response = running.from_scope(scope).cors.preflight(scope)
            await response(scope, receive, send)
        elif scope["path"] == health.PATH and scope["method"] == "GET":
            await health.answer(scope, send)
        elif routes.has(scope["path"]):
            try:
                await proxy.handle(scope, receive, send)
            except (AppError, HTTPException) as refusal:
                response = await problems.refused(scope, refusal)
                await response(scope, receive, send)
        else:
            await self.app(scope, receive, send)
