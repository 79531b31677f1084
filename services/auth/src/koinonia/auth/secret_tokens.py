"""Tokens that are a secret, and what is kept of them: of sessions, invitations and mailed links."""

import hashlib
import secrets


def new() -> str:
    """256 random bits, in characters that need no escape in an address."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> bytes:
    """No salt and no slow hash: there is nothing to guess in 256 random bits."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
