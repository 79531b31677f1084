"""Step 1 of the walk: a request passes the gateway."""

from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

from koinonia.gateway import csrf, limits, routes, running, sessions
from koinonia.gateway.calls import Call
from koinonia.gateway.reads import Read
from koinonia.gateway.routes import Kind, Target

NO_MATCH: tuple[Match, Scope] = (Match.NONE, {})


class Proxy(BaseRoute):
    """Everything under one prefix of the table. The request has its id by now, and its body a
    limit; errors raised here become answers further out."""

    def __init__(self, prefix: Target) -> None:
        self._prefix = prefix.path
        self.path_format = f"{prefix.path}/{{path}}"  # how traces and metrics call it

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        path = scope["path"]
        if not path.startswith(self._prefix):  # nearly always: each request passes most of these
            return NO_MATCH
        is_below = path[len(self._prefix) :][:1] in ("", "/")
        return (Match.FULL if is_below and scope["type"] == "http" else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        process = running.from_scope(scope)
        settings, throttle = process.settings, process.throttle
        call = Call.from_scope(scope, receive, settings.trusted_proxies, settings)
        target = routes.find(call.path)
        scope["route"] = target  # its path stands in the log, without ids
        # Which methods an address has is no secret: the document says it too.
        kind = Kind.SIGN_OUT if call.method == "OPTIONS" else target.kind

        session = await sessions.identify(call, kind, process.verifier)
        tokens, origins = process.csrf, process.origins
        csrf.check(call, kind, session, tokens, origins, is_https=settings.is_https)
        read = Read.begin(call, kind, session, process.kept_answers)
        verdict = await limits.admit(
            call, kind, session, throttle, process.endings, settings, read.token_keys
        )
        status = await read.answer(verdict, target.path, send)
        if status is None:
            status = await process.upstreams.forward(call, target, session, read, send)
        await limits.record_failure(call, target.kind, status, throttle, settings)


ROUTES = [Proxy(prefix) for prefix in routes.PREFIXES]
