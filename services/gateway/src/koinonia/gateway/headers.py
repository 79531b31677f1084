"""Which headers pass the gateway, in either direction."""

from collections.abc import Iterable

from multidict import CIMultiDict

from koinonia.common import telemetry
from koinonia.gateway import csrf
from koinonia.gateway.calls import Call
from koinonia.gateway.routes import Target
from koinonia.gateway.sessions import DEVICE_COOKIE, REFRESH_COOKIE, Session

# RFC 9110, 7.6.1: these are about one connection, not about the message.
HOP_BY_HOP = frozenset(
    b"connection keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer "
    b"transfer-encoding upgrade".split()
)
# What a client may not tell a service: the gateway sends these, or nobody does.
OURS = frozenset(
    b"host cookie authorization content-length expect forwarded x-real-ip x-request-id "
    b"x-csrf-token if-none-match".split()
)
OUR_PREFIXES = (b"x-koinonia-", b"x-forwarded-")
NOT_SENT_ON = HOP_BY_HOP | OURS
# The server that faces the client writes date and server itself.
NOT_SENT_BACK = HOP_BY_HOP | {b"date", b"server", b"x-request-id"}

Raw = Iterable[tuple[bytes, bytes]]


def sent_on(
    call: Call, target: Target, session: Session | None, if_none_match: bytes | None
) -> CIMultiDict[str]:
    """Headers for the service: the client's without ours, and then ours."""
    dropped = _dropped(call)
    headers = CIMultiDict(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, value in call.scope["headers"]
        if name not in dropped and not name.startswith(OUR_PREFIXES)
    )
    if if_none_match is not None:
        headers["If-None-Match"] = if_none_match.decode("latin-1")
    headers["X-Request-Id"] = call.request_id
    headers["X-Forwarded-For"] = call.address
    if session:
        headers["Authorization"] = f"Bearer {session.token}"
    if target.service == "auth":
        _for_auth(headers, call, target)
    telemetry.inject(headers)
    return headers


def sent_back(raw: Raw, service: str) -> list[tuple[bytes, bytes]]:
    """Headers for the client. Only auth sets cookies."""
    lowered = [(name.lower(), value) for name, value in raw]
    return [
        (name, value)
        for name, value in lowered
        if name not in NOT_SENT_BACK
        and not name.startswith(b"x-koinonia-")
        and (name != b"set-cookie" or service == "auth")
    ]


def _for_auth(headers: CIMultiDict[str], call: Call, target: Target) -> None:
    given = {name: call.cookie(name) for name in (REFRESH_COOKIE, DEVICE_COOKIE)}
    named = call.settings.cookie_name
    if cookies := "; ".join(f"{named(name)}={value}" for name, value in given.items() if value):
        headers["Cookie"] = cookies
    if target.kind.enters and (csrf_id := csrf.anonymous_id(call)):
        headers["X-Koinonia-Csrf-Id"] = csrf_id


def _dropped(call: Call) -> frozenset[bytes]:
    """``Connection`` may name more headers that end here."""
    connection = call.headers.get(b"connection")
    if connection is None or connection in (b"keep-alive", b"close"):
        return NOT_SENT_ON
    return NOT_SENT_ON | {name.strip() for name in connection.lower().split(b",")}
