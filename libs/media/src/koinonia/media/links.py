"""Signed links that expire: whoever has one may read one thing until then.

A signature is the HMAC-SHA256 of a purpose, the subject's parts and the time of expiry, with the
first key of a ring. Every key of the ring verifies, so that keys rotate without breaking links
already given out. It is written ``<key id>.<base64url of the MAC, unpadded>``.
"""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Self

from koinonia.common import crypto

PURPOSE = b"koinonia media link 1"  # the same key gives another MAC for another purpose


class LinkForged(Exception):
    """The signature is not ours, or belongs to another subject or time."""


class LinkExpired(Exception):
    """The signature is ours, and its time is over."""


class Links:
    """Signs and verifies with a ring of keys of 32 bytes; the first signs."""

    def __init__(self, keys: dict[str, bytes]) -> None:
        if not keys:
            raise crypto.BadKey("The ring of link keys is empty; write it as id:base64,id:base64.")
        self._keys = keys
        self._current = next(iter(keys))

    def __repr__(self) -> str:
        return f"<Links {', '.join(self._keys)}>"

    @classmethod
    def parse(cls, text: str) -> Self:
        """A ring from ``k2:base64,k1:base64``; raises ``BadKey`` without showing a key."""
        return cls(crypto.parse_keys(text))

    def sign(self, *subject: str, expires: int) -> str:
        """The signature of ``subject`` until ``expires`` (seconds since 1970)."""
        return f"{self._current}.{_mac(self._keys[self._current], subject, expires)}"

    def verify(self, *subject: str, expires: int, signature: str, now: datetime) -> None:
        """Raises ``LinkForged``, and ``LinkExpired`` only for what was signed here."""
        key_id, _, mac = signature.partition(".")
        key = self._keys.get(key_id)
        if key is None or not hmac.compare_digest(
            mac.encode(), _mac(key, subject, expires).encode()
        ):
            raise LinkForged
        if now.timestamp() >= expires:
            raise LinkExpired


def expiry(now: datetime, at_least: timedelta, slot: timedelta) -> int:
    """When a link made ``now`` expires: ``at_least`` from now, at most a ``slot`` later. It is the
    same throughout a slot, so that a browser asks for a file once."""
    step = int(slot.total_seconds())
    earliest = int(now.timestamp() + at_least.total_seconds())
    return -(-earliest // step) * step


def _mac(key: bytes, subject: tuple[str, ...], expires: int) -> str:
    # With lengths in front no two subjects give the same message.
    parts = (PURPOSE, *(part.encode() for part in subject), str(expires).encode())
    message = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    mac = hmac.digest(key, message, hashlib.sha256)
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()
