"""Step 1 of the walk: a request comes through the door."""

from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

from koinonia.gateway import csrf, door, limits, routes, sessions
from koinonia.gateway.calls import Call
from koinonia.gateway.routes import Target


class Proxy(BaseRoute):
    """Everything under one prefix of the table. The request has its id by now, and its body a
    limit; errors raised here become answers further out."""

    def __init__(self, prefix: Target) -> None:
        self._prefix = prefix.path
        self.path_format = f"{prefix.path}/{{path}}"  # how traces and metrics call it

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        path = scope["path"]
        is_below = path.startswith(self._prefix) and path[len(self._prefix) :][:1] in ("", "/")
        return (Match.FULL if is_below and scope["type"] == "http" else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        parts, verifier = door.of(scope)
        settings, throttle = parts.settings, parts.throttle
        call = Call.of(scope, receive, settings.trusted_proxies)
        target = routes.find(call.path)
        scope["route"] = target  # its path stands in the log, without ids

        session = await sessions.of(call, target.kind, verifier)
        csrf.check(call, target.kind, session, parts.csrf, parts.origins)
        await limits.admit(call, target.kind, session, throttle, settings)
        status = await parts.upstreams.forward(call, target, session, send)
        await limits.note(call, target.kind, status, throttle, settings)


ROUTES = [Proxy(prefix) for prefix in routes.PREFIXES]
