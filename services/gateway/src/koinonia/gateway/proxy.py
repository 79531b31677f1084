"""Step 1 of the walk: a request passes the gateway."""

from starlette.types import Receive, Scope, Send

from koinonia.common import telemetry
from koinonia.gateway import csrf, limits, routes, running, sessions
from koinonia.gateway.calls import Call
from koinonia.gateway.reads import Read
from koinonia.gateway.routes import Kind


async def handle(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer what stands in the table of routes, or raise why not."""
    process = running.from_scope(scope)
    settings, throttle = process.settings, process.throttle
    call = Call.from_scope(scope, receive, settings.trusted_proxies, settings)
    target = routes.find(call.path)
    scope["route"] = target  # its path stands in the log, without ids
    telemetry.name_route(scope, target.path)
    # Which methods an address has is no secret: the document says it too.
    kind = Kind.SIGN_OUT if call.method == "OPTIONS" else target.kind

    session = await sessions.identify(call, kind, process.verifier, process.api_keys)
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
