"""Signs access tokens; only their issuer holds a private key.

A token is a compact JWS signed with Ed25519 (RFC 8037). Its claims are ``iss``, ``aud``, ``sub``
(admin), ``church``, ``role``, ``sid`` (session), ``csrf``, ``email``, ``key`` (of a program: its
``name`` and ``permissions``), ``iat`` and ``exp``.
"""

import base64

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from koinonia.common.identity.model import (
    ACCESS_LIFETIME,
    ALGORITHM,
    AUDIENCE,
    ISSUER,
    Identity,
    KeyGrant,
)

SEED_BYTES = 32


class TokenSigner:
    """Signs with one key. ``private_key`` is the 32-byte seed or an unencrypted PKCS 8 PEM.

    Publish ``jwk`` some minutes before the first signature with a new key: verifiers look for an
    unknown key at once, but not more often than every few seconds.
    """

    def __init__(self, private_key: bytes | str, kid: str) -> None:
        self._key = _loaded(private_key)
        self.kid = kid

    def sign(self, identity: Identity) -> str:
        """The token of ``identity``, valid until ``identity.expires_at``."""
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": str(identity.admin_id),
            "church": str(identity.church_id),
            "role": identity.role.value,
            "sid": str(identity.session_id),
            "csrf": identity.csrf,
            "email": identity.email,
            "key": _key(identity.key),
            "iat": int((identity.expires_at - ACCESS_LIFETIME).timestamp()),
            "exp": int(identity.expires_at.timestamp()),
        }
        return jwt.encode(claims, self._key, algorithm=ALGORITHM, headers={"kid": self.kid})

    @property
    def jwk(self) -> dict[str, str]:
        """The public half, as the JWKS shows it."""
        return jwk(self._key.public_key(), self.kid)


def _key(grant: KeyGrant | None) -> dict[str, str | list[str]] | None:
    if grant is None:
        return None
    return {"name": grant.name, "permissions": sorted(grant.permissions)}


def jwk(public_key: Ed25519PublicKey, kid: str) -> dict[str, str]:
    """The key as a JSON Web Key of type OKP."""
    x = base64.urlsafe_b64encode(public_key.public_bytes_raw()).rstrip(b"=").decode("ascii")
    return {"kty": "OKP", "crv": "Ed25519", "x": x, "kid": kid, "use": "sig", "alg": ALGORITHM}


def _loaded(private_key: bytes | str) -> Ed25519PrivateKey:
    raw = private_key.encode() if isinstance(private_key, str) else private_key
    if len(raw) == SEED_BYTES:
        return Ed25519PrivateKey.from_private_bytes(raw)
    key = load_pem_private_key(raw, password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError("An access token is signed with Ed25519; this is another kind of key.")
    return key
