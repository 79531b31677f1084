"""How an address is found without being shown: whoever holds one can tell whether it is there."""

import hashlib


def digest(email: str) -> bytes:
    """SHA-256 of the address in its one form (``fields.normal_email``)."""
    return hashlib.sha256(email.encode()).digest()
