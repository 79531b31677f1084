"""No other site may act with a visitor's cookies.

A browser sends cookies along with a request that some other site made it send. What such a site
cannot do is read our answers, so a change that rests on a cookie must bring a token that
``GET /api/csrf-token`` answered. The token is an HMAC over a nonce and the CSRF id of the session
(the signed double-submit pattern, OWASP), so nothing is stored.

The CSRF id is first an anonymous cookie. Signing in gives it to auth, which keeps it in the
session's access tokens: a token fetched before signing in stays good in that session, and in no
other. ``Authorization: Bearer`` needs no token, since no browser sends it by itself. Neither do
webhooks and signed links, which no session stands behind, nor the exchange of a refresh token,
which only renews; its cookie is SameSite=Strict, and where the frontend is on another site
(``cross_site_cookies``) the origin is what keeps others from renewing.

Signing in rests on no cookie, but another site could sign a visitor in to an account of its own.
It is stopped by the content type, which a form cannot send, and by the origin, which is compared
whenever a browser tells it.
"""

import base64
import hashlib
import hmac
import re
import secrets
from urllib.parse import urlsplit

from koinonia.common.errors import UnsupportedMedia
from koinonia.common.identity import Identity
from koinonia.gateway.calls import Call
from koinonia.gateway.errors import CsrfInvalid, CsrfMissing, OriginRefused
from koinonia.gateway.routes import Kind
from koinonia.gateway.sessions import Session

COOKIE = "koinonia_csrf"
HEADER = b"x-csrf-token"
NONCE_BYTES = 16
MAC_BYTES = 32
_SANE_ID = re.compile(r"[A-Za-z0-9_-]{22,64}")  # 22 characters of base64 are 128 bits


class CsrfTokens:
    """Makes and checks tokens with one key of 32 bytes."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def issue(self, csrf_id: str) -> str:
        """A token for ``csrf_id``; a new one every time, all of them good."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return base64.urlsafe_b64encode(nonce + self._mac(nonce, csrf_id)).decode()

    def match(self, token: str, csrf_id: str) -> bool:
        """Whether ``token`` was issued for ``csrf_id``; compared in constant time."""
        try:
            raw = base64.urlsafe_b64decode(token.encode("ascii"))
        except ValueError:
            return False
        nonce, mac = raw[:NONCE_BYTES], raw[NONCE_BYTES:]
        return len(mac) == MAC_BYTES and hmac.compare_digest(mac, self._mac(nonce, csrf_id))

    def _mac(self, nonce: bytes, csrf_id: str) -> bytes:
        return hmac.digest(self._key, nonce + csrf_id.encode(), hashlib.sha256)


def check(
    call: Call,
    kind: Kind,
    session: Session | None,
    tokens: CsrfTokens,
    origins: frozenset[str],
    *,
    is_https: bool,
) -> None:
    """Raise ``Forbidden`` if another site may have made a browser send this. With ``is_https`` a
    page that came over http is another site, for anybody between could have written it."""
    if call.is_safe or kind in (Kind.WEBHOOK, Kind.LINK) or (session and not session.by_cookie):
        return
    if not _is_own(call, origins, is_https=is_https):
        raise OriginRefused
    if kind.enters and not call.header(b"content-type").startswith("application/json"):
        raise UnsupportedMedia
    if session:
        _check_token(call.header(HEADER), session_csrf_id(session.identity), tokens)


def session_csrf_id(identity: Identity) -> str:
    """The CSRF id that the tokens of a session are bound to."""
    return identity.csrf or str(identity.session_id)


def anonymous_id(call: Call) -> str | None:
    """The CSRF id of a visitor who has not signed in; None unless it looks like one of ours."""
    value = call.cookie(COOKIE)
    return value if _SANE_ID.fullmatch(value) else None


def new_anonymous_id() -> str:
    return secrets.token_urlsafe(24)


def _check_token(token: str, csrf_id: str, tokens: CsrfTokens) -> None:
    if not token:
        raise CsrfMissing
    if not tokens.match(token, csrf_id):
        raise CsrfInvalid


def _is_own(call: Call, origins: frozenset[str], *, is_https: bool) -> bool:
    """Whether the page that asks, if a browser tells, is one of ours or was served from here."""
    origin = call.header(b"origin").lower()
    if not origin or origin in origins:
        return True
    scheme, host = urlsplit(origin)[:2]
    return host == _host(call) and scheme in (("https",) if is_https else ("http", "https"))


def _host(call: Call) -> str:
    return call.header(b"host").lower() or "-"
