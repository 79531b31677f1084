"""Keyed digests, with a key for each purpose that is derived from the ring of the settings.

The first key of the ring makes them; one that was made with a later key is still recognised, so the
ring is rotated as ever.
"""

import hmac
from collections.abc import Sequence
from enum import StrEnum


class Purpose(StrEnum):
    """What a digest is for; one of another purpose is never the same."""

    REFRESH = "refresh"  # the successor of a refresh token
    ACCOUNT = "account"  # the address that somebody signs in with
    CHALLENGE = "challenge"  # the password was shown, the second step is to come
    CODE = "code"  # whose codes are counted
    UNSUBSCRIBE = "unsubscribe"  # the link that ends the mail of notifications
    DEVICE = "device"  # a device that signed in to an account before
    API_KEY = "api key"


class Macs:
    """Digests of 32 bytes. ``keys`` are those of the ring in their order."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = {purpose: [_derived(key, purpose) for key in keys] for purpose in Purpose}

    def digest(self, purpose: Purpose, value: bytes) -> bytes:
        """The digest under the first key."""
        return self.digests(purpose, value)[0]

    def digests(self, purpose: Purpose, value: bytes) -> list[bytes]:
        """The digests under each key of the ring, the first one first."""
        return [hmac.digest(key, value, "sha256") for key in self._keys[purpose]]


def _derived(key: bytes, purpose: Purpose) -> bytes:
    return hmac.digest(key, f"koinonia.auth.{purpose}".encode(), "sha256")
