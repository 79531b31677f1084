"""Identity of a caller: roles, access tokens and sessions that were ended.

The issuer signs a token when somebody signs in (:class:`TokenSigner`) and publishes its public
keys. Every other service verifies tokens by those keys alone (:class:`TokenVerifier`), without a
call per request. :class:`Revocations` is how a session ends before its token expires.
"""

from koinonia.common.identity.model import (
    ACCESS_LIFETIME,
    Identity,
    KeyGrant,
    Role,
    SessionEnded,
    TokenExpired,
    TokenInvalid,
    bearer,
    expiry,
)
from koinonia.common.identity.revocation import Revocations
from koinonia.common.identity.signer import TokenSigner, jwk
from koinonia.common.identity.verifier import TokenVerifier, http_jwks

__all__ = [
    "ACCESS_LIFETIME",
    "Identity",
    "KeyGrant",
    "Revocations",
    "Role",
    "SessionEnded",
    "TokenExpired",
    "TokenInvalid",
    "TokenSigner",
    "TokenVerifier",
    "bearer",
    "expiry",
    "http_jwks",
    "jwk",
]
