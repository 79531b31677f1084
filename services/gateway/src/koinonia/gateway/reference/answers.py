"""What the gateway itself may answer to a request that it passes on, by kind of route.

``make openapi`` adds these to what the service behind it declares.
"""

from collections.abc import Set

from koinonia.common import errors
from koinonia.common.identity import SessionEnded, TokenExpired, TokenInvalid
from koinonia.common.identity.keys import KeysUnavailable
from koinonia.common.web.answers import Kind as Error
from koinonia.gateway.api_keys import ApiKeyInvalid
from koinonia.gateway.calls import SAFE
from koinonia.gateway.errors import (
    CsrfInvalid,
    CsrfMissing,
    OriginRefused,
    RateLimited,
    SessionUnknown,
    SignInsUncounted,
    UpstreamDown,
    UpstreamLate,
    UpstreamLost,
)
from koinonia.gateway.routes import Kind
from koinonia.gateway.sessions import NoSession

PASSING = frozenset((UpstreamDown, UpstreamLost, UpstreamLate))
SESSION = frozenset(
    (
        *(NoSession, TokenInvalid, TokenExpired, SessionEnded, ApiKeyInvalid),
        *(KeysUnavailable, SessionUnknown),
    )
)
COUNTED = frozenset((RateLimited,))
CHANGE = frozenset((OriginRefused, CsrfMissing, CsrfInvalid))


def of_gateway(kind: Kind, method: str) -> Set[type[errors.AppError]]:
    """The errors of a request with ``method`` to a route of ``kind``."""
    found = set[Error](PASSING)
    is_change = method.upper() not in SAFE
    if kind is not Kind.WEBHOOK:
        found |= COUNTED
    if kind is Kind.SESSION:
        found |= SESSION
    if is_change and kind in (Kind.SESSION, Kind.SIGN_OUT):
        found |= CHANGE
    if is_change and (kind.enters or kind is Kind.REFRESH):
        found.add(OriginRefused)
    if is_change and kind.enters:
        found |= {SignInsUncounted, errors.UnsupportedMedia}
    return found
