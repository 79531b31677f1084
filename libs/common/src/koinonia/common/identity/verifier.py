"""Verifies access tokens by published keys alone.

Only EdDSA is accepted, whatever a token's header says (RFC 8725, 3.1). Verified tokens are
remembered by their SHA-256 until they expire, so that a busy client costs one signature check
per quarter of an hour. A key that the issuer withdraws stays good for tokens already seen
until these expire, 15 minutes at most.
"""

import hashlib
from collections import OrderedDict
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
import jwt
from jwt.types import Options

from koinonia.common import clock
from koinonia.common.identity.keys import FetchJwks, Jwks, KeyRing
from koinonia.common.identity.model import (
    ALGORITHM,
    AUDIENCE,
    ISSUER,
    Identity,
    KeyGrant,
    Role,
    SessionEnded,
    TokenExpired,
    TokenInvalid,
)
from koinonia.common.identity.revocation import Revocations

CLAIMS = ["iss", "aud", "sub", "church", "role", "sid", "iat", "exp"]
MAX_TOKEN = 4096  # characters; ours have about 500


class TokenVerifier:
    """Turns tokens into identities.

    ``fetch_jwks`` answers ``{"keys": [...]}``; see :func:`http_jwks`. With ``revocations`` an
    ended session is refused too, at the price of one call to Redis per request: the edge does
    that, so that the services behind it need not. ``pause`` and ``max_age`` are seconds, see
    :class:`~koinonia.common.identity.keys.KeyRing`.
    """

    def __init__(
        self,
        fetch_jwks: FetchJwks,
        *,
        revocations: Revocations | None = None,
        remembered: int = 4096,
        pause: float = 5.0,
        max_age: float = 300.0,
    ) -> None:
        self._ring = KeyRing(fetch_jwks, pause=pause, max_age=max_age)
        self._revocations = revocations
        self._limit = remembered
        self._seen: OrderedDict[bytes, Identity] = OrderedDict()

    async def verify(self, token: str) -> Identity:
        """The identity of ``token``; raises ``TokenInvalid``, ``TokenExpired``, ``SessionEnded``,
        or ``KeysUnavailable`` (503) when its key is unknown and the issuer cannot be asked."""
        if len(token) > MAX_TOKEN:
            raise TokenInvalid
        digest = hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
        identity = self._seen.get(digest) or await self._decoded(token)
        if identity.expires_at <= clock.now():
            self._seen.pop(digest, None)
            raise TokenExpired
        self._remember(digest, identity)
        if self._revocations and await self._revocations.is_revoked(identity.session_id):
            raise SessionEnded
        return identity

    async def close(self) -> None:
        """End what is under way."""
        await self._ring.close()

    async def _decoded(self, token: str) -> Identity:
        try:
            key = await self._ring.find(_key_id(token))
            if key is None:
                raise TokenExpired if _is_over(token) else TokenInvalid
            return _identity(token, key)
        except (jwt.PyJWTError, LookupError, ValueError, TypeError, AttributeError, OverflowError):
            raise TokenInvalid from None

    def _remember(self, digest: bytes, identity: Identity) -> None:
        self._seen[digest] = identity
        self._seen.move_to_end(digest)
        if len(self._seen) > self._limit:
            self._seen.popitem(last=False)


def http_jwks(url: str, timeout: float = 2.0) -> FetchJwks:
    """Fetches the keys from ``url``; ``timeout`` in seconds."""

    async def fetch() -> Jwks:
        async with httpx.AsyncClient(timeout=timeout, trust_env=False) as client:
            response = (await client.get(url)).raise_for_status()
            jwks: Jwks = response.json()
            return jwks

    return fetch


def _key_id(token: str) -> str:
    header = jwt.get_unverified_header(token)
    kid = header.get("kid")
    if header.get("alg") != ALGORITHM or not isinstance(kid, str):  # before a key is asked for
        raise TokenInvalid
    return kid


def _is_over(token: str) -> bool:
    """Whether a token whose key is gone says that its time is, too: then it may well be ours."""
    claims = jwt.decode(token, options={"verify_signature": False})
    return datetime.fromtimestamp(claims["exp"], UTC) <= clock.now()


def _identity(token: str, key: jwt.PyJWK) -> Identity:
    # Expiry is checked against our clock, which tests can move.
    options: Options = {"require": CLAIMS, "verify_exp": False, "verify_iat": False}
    claims = jwt.decode(
        token, key, algorithms=[ALGORITHM], audience=AUDIENCE, issuer=ISSUER, options=options
    )
    return Identity(
        admin_id=UUID(claims["sub"]),
        church_id=UUID(claims["church"]),
        role=Role(claims["role"]),
        session_id=UUID(claims["sid"]),
        csrf=claims.get("csrf"),
        expires_at=datetime.fromtimestamp(claims["exp"], UTC),
        email=claims.get("email"),
        key=_grant(claims.get("key")),
    )


def _grant(claim: dict[str, Any] | None) -> KeyGrant | None:  # Any: parsed JSON
    if claim is None:
        return None
    return KeyGrant(claim["name"], frozenset(claim["permissions"]))
