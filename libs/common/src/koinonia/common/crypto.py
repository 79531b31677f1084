"""Sealing (AES-256-GCM under a ring of keys) and blind indexes (HMAC-SHA256).

A sealed value describes itself, so keys rotate without downtime: put a new key first in the ring,
deploy, reseal what ``needs_rotation`` at leisure, then remove the old key. Its layout::

    version (1 byte, 0x01) | length of key id (1) | key id | nonce (12) | ciphertext and tag (16)

The bytes before the nonce are authenticated together with the caller's context. Nonces are random
(96 bits): one key may seal 2**32 values before NIST SP 800-38D (8.3) asks for a new one.
"""

import base64
import binascii
import hmac
import os
import re
from typing import Self
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_VERSION = 1
_NONCE_BYTES = 12
_TAG_BYTES = 16
# Short on purpose: a key pasted in the place of its id is refused and never repeated in a message.
_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,16}")
_HOW_TO = "Make one with: openssl rand -base64 32"


class BadKey(ValueError):
    """A key in the settings cannot be used. The message names it and never shows it."""


class SealBroken(Exception):
    """A sealed value was changed, cut, sealed for another context or under an unknown key."""


def decode_key(name: str, text: str) -> bytes:
    """The 32 bytes of a key written in base64 (standard or URL-safe, padding optional).

    Raises ``BadKey`` with a sentence that calls the key by ``name``.
    """
    body = text.strip().rstrip("=").replace("-", "+").replace("_", "/")
    try:
        key = base64.b64decode(body + "=" * (-len(body) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise BadKey(f"{name} is not base64. {_HOW_TO}") from None
    if len(key) != KEY_BYTES:
        raise BadKey(f"{name} has {len(key)} bytes; it needs {KEY_BYTES}. {_HOW_TO}")
    return key


def parse_keys(text: str) -> dict[str, bytes]:
    """Keys by id in their order from ``k2:base64,k1:base64``; raises ``BadKey``."""
    keys: dict[str, bytes] = {}
    for place, entry in enumerate(filter(None, map(str.strip, text.split(","))), start=1):
        key_id, _, key = entry.partition(":")
        if not key or not _KEY_ID.fullmatch(key_id):
            raise BadKey(
                f"Entry {place} of the key ring is not of the form id:base64, with an id of "
                "1 to 16 letters, digits, - or _."
            )
        if key_id in keys:
            raise BadKey(f"The key ring names {key_id} twice; give each key its own id.")
        keys[key_id] = decode_key(f"Key {key_id}", key)
    return keys


class KeyRing:
    """Keys by id. The first seals, each opens what it sealed."""

    def __init__(self, keys: dict[str, bytes]) -> None:
        if not keys:
            raise BadKey(f"The key ring is empty; write it as id:base64,id:base64. {_HOW_TO}")
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self._current = next(iter(keys))
        self._header = _header(self._current)

    @classmethod
    def parse(cls, text: str) -> Self:
        """A ring from ``k2:base64,k1:base64``; raises ``BadKey`` saying which entry is wrong."""
        return cls(parse_keys(text))

    def __repr__(self) -> str:
        return f"<KeyRing {', '.join(self._ciphers)}>"

    def seal(self, plaintext: bytes, context: bytes = b"") -> bytes:
        """Encrypt under the current key; the same ``context`` is needed to open it again."""
        nonce = os.urandom(_NONCE_BYTES)
        cipher = self._ciphers[self._current]
        return self._header + nonce + cipher.encrypt(nonce, plaintext, self._header + context)

    def open(self, sealed: bytes, context: bytes = b"") -> bytes:
        """The plaintext; raises ``SealBroken`` when it is not exactly what was sealed."""
        key_id, start = _key_id(sealed)
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise SealBroken("The value was sealed under a key that is not in the ring.")
        nonce, body = sealed[start : start + _NONCE_BYTES], sealed[start + _NONCE_BYTES :]
        try:
            return cipher.decrypt(nonce, body, sealed[:start] + context)
        except InvalidTag:
            raise SealBroken("The value was changed or sealed for another context.") from None

    @property
    def current_id(self) -> str:
        """The id of the key that seals, as it stands in what it sealed."""
        return self._current

    def needs_rotation(self, sealed: bytes) -> bool:
        """Whether another key than the current one sealed it."""
        return _key_id(sealed)[0] != self._current


class BlindIndex:
    """Equality without reading: the same value gives the same 32 bytes, within one church.

    Not truncated: all of HMAC-SHA256 over the church's id and the value. The key is not rotated
    with the ring, since changing it means computing every index anew.
    """

    def __init__(self, key: bytes) -> None:
        if len(key) < KEY_BYTES:
            raise BadKey(f"The index key has {len(key)} bytes; it needs {KEY_BYTES}. {_HOW_TO}")
        # Begun once and copied: to begin with the key costs more than a value does.
        self._begun = hmac.new(key, digestmod="sha256")

    def __repr__(self) -> str:
        return "<BlindIndex>"

    def digest(self, church_id: UUID, value: str) -> bytes:
        """The index of ``value`` within ``church_id``: 32 bytes."""
        mac = self._begun.copy()
        mac.update(church_id.bytes + value.encode())
        return mac.digest()


def _header(key_id: str) -> bytes:
    return bytes((_VERSION, len(key_id))) + key_id.encode("ascii")


def _key_id(sealed: bytes) -> tuple[str, int]:
    """The id of the key that sealed it, and where its nonce begins."""
    if len(sealed) < 2 or sealed[0] != _VERSION:
        raise SealBroken("The value is not a sealed one.")
    start = 2 + sealed[1]
    if len(sealed) < start + _NONCE_BYTES + _TAG_BYTES:
        raise SealBroken("The sealed value is cut short.")
    return sealed[2:start].decode("ascii", "replace"), start
