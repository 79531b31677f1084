"""The session of a request: its access token, checked.

An expired token is not renewed here, though its refresh token may lie beside it: a request that was
under way for long would show a refresh token that was used some time ago, and that ends its whole
family. The client renews, once, and repeats what failed.
"""

from dataclasses import dataclass

import structlog

from koinonia.common.errors import Forbidden, Unauthorized
from koinonia.common.identity import Identity, TokenExpired, TokenVerifier, api_keys
from koinonia.gateway.api_keys import ApiKeys
from koinonia.gateway.calls import Call
from koinonia.gateway.routes import Kind

ACCESS_COOKIE = "koinonia_access"
REFRESH_COOKIE = "koinonia_refresh"
DEVICE_COOKIE = "koinonia_device"


class NoSession(Unauthorized):
    """No token at all. A browser whose session may be renewed sends an expired one."""

    message = (
        "There is no valid session. Renew it with POST /api/auth/refresh, or sign in with "
        "POST /api/auth/login."
    )


class KeyNotHere(Forbidden):
    """A stream shows what the roles see; a key has permissions of its own."""

    code = "KEY_NOT_HERE"
    message = "An API key opens no event stream. Let webhooks tell your program what happens."


@dataclass(frozen=True, slots=True)
class Session:
    """An identity, and how it was sent: a browser sends a cookie by itself, a header never."""

    identity: Identity
    token: str
    by_cookie: bool


async def identify(
    call: Call, kind: Kind, verifier: TokenVerifier, keys: ApiKeys
) -> Session | None:
    """The session of ``call``; None where the route needs none. Raises ``Unauthorized``."""
    if kind is Kind.SESSION:
        return await required(call, verifier, keys)
    return await optional(call, verifier) if kind is Kind.SIGN_OUT else None


async def required(call: Call, verifier: TokenVerifier, keys: ApiKeys | None = None) -> Session:
    """Where there are no ``keys``, only people may come: raises ``KeyNotHere`` for others."""
    token, by_cookie = _token(call)
    if not token:
        raise TokenExpired if call.cookie(REFRESH_COOKIE) else NoSession
    if not by_cookie and api_keys.is_meant(token):
        if keys is None:
            raise KeyNotHere
        token = await keys.token(call, token)
    identity = await verifier.verify(token)
    structlog.contextvars.bind_contextvars(church_id=str(identity.church_id))
    return Session(identity, token, by_cookie)


async def optional(call: Call, verifier: TokenVerifier) -> Session | None:
    """The session if there is a valid one."""
    try:
        return await required(call, verifier)
    except Unauthorized:
        return None


def _token(call: Call) -> tuple[str, bool]:
    """A token in the header goes before the cookie: only a program can have put it there."""
    scheme, _, token = call.header(b"authorization").partition(" ")
    if scheme.lower() == "bearer":
        return token.strip(), False
    return call.cookie(ACCESS_COOKIE), True
