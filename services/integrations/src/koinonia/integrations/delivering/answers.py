"""What a receiver answered, sealed: it may repeat what it was sent."""

import base64

from koinonia.common.crypto import KeyRing

_CONTEXT = b"webhook answer"


def seal(ring: KeyRing, answer: str) -> str | None:
    """None for an empty one."""
    return base64.b64encode(ring.seal(answer.encode(), _CONTEXT)).decode() if answer else None


def unseal(ring: KeyRing, sealed: str | None) -> str:
    """Raises ``crypto.SealBroken``."""
    return ring.open(base64.b64decode(sealed), _CONTEXT).decode() if sealed else ""
