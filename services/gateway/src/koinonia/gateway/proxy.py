"""Step 1 of the walk: a request comes through the door."""

from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from koinonia.gateway import csrf, door, limits, routes, sessions
from koinonia.gateway.calls import Call


class Proxy:
    """Everything under /api that the gateway does not answer itself. The request has its id by
    now, and its body a limit; errors raised here become answers further out."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
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


ROUTE = Route("/api/{path:path}", Proxy(), include_in_schema=False)
