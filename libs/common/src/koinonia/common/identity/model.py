"""Roles, the identity of a request, and the errors of a token."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from koinonia.common import clock
from koinonia.common.errors import Unauthorized

ISSUER = AUDIENCE = "koinonia"
ALGORITHM = "EdDSA"
ACCESS_LIFETIME = timedelta(minutes=15)


class Role(StrEnum):
    """What an admin of a church may do; each role includes those below it."""

    OWNER = "owner"
    ADMIN = "admin"
    STAFF = "staff"
    VIEWER = "viewer"

    def includes(self, other: "Role") -> bool:
        """Whatever ``other`` may do, this role may do too."""
        return _RANK[self] >= _RANK[other]


_RANK = {role: rank for rank, role in enumerate(reversed(Role))}


def expiry(issued_at: datetime) -> datetime:
    """When a token that is issued then ends; a token counts whole seconds."""
    return (issued_at + ACCESS_LIFETIME).replace(microsecond=0)


def _expiry() -> datetime:
    return expiry(clock.now())


@dataclass(frozen=True, slots=True)
class KeyGrant:
    """What an API key of this name may do: of permissions, those alone."""

    name: str
    permissions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Identity:
    """Who asks, for which church, in which session, until when (UTC). ``email`` is the address
    that they sign in with, lower case. A program has a ``key``, whose id is that of the admin and
    of the session; its role is the lowest that has all its permissions."""

    admin_id: UUID
    church_id: UUID
    role: Role
    session_id: UUID
    csrf: str | None = None
    expires_at: datetime = field(default_factory=_expiry)
    email: str | None = field(default=None, repr=False)
    key: KeyGrant | None = None


class TokenInvalid(Unauthorized):
    code = "TOKEN_INVALID"
    message = "The access token is not valid. Sign in again: POST /api/auth/login."


class TokenExpired(Unauthorized):
    code = "TOKEN_EXPIRED"
    message = "The access token has expired; call POST /api/auth/refresh and repeat the request."


class SessionEnded(Unauthorized):
    code = "SESSION_ENDED"
    message = "This session was ended. Sign in again: POST /api/auth/login."


def bearer(authorization: str | None) -> str:
    """The token of an ``Authorization: Bearer`` header; raises ``Unauthorized`` without one."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthorized
    return token.strip()
