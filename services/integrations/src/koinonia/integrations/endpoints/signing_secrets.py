"""The secrets that webhooks are signed with: made by us, shown once, sealed in the table."""

import base64
import secrets

from koinonia.common.crypto import KeyRing

PREFIX = "whsec_"  # https://www.standardwebhooks.com
_BYTES = 32
_CONTEXT = b"webhook secret"


def generate() -> str:
    """A new one, as its owner sees it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def seal(ring: KeyRing, secret: str) -> str:
    return base64.b64encode(ring.seal(secret.encode(), _CONTEXT)).decode()


def unseal(ring: KeyRing, sealed: str) -> str:
    """Raises ``crypto.SealBroken``."""
    return ring.open(base64.b64decode(sealed), _CONTEXT).decode()
