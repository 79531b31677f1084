"""The form of an API key: ``koi_``, 37 random characters, and a checksum of six.

The checksum is no secret. With it a mistyped key is told from a removed one without asking anybody,
and a scanner of published code knows a key of ours when it sees one.
"""

import secrets
import string
import zlib

PREFIX = "koi_"
_DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase
_RANDOM = 37  # 220 bits
_CHECKSUM = 6  # CRC32 in base 62
LENGTH = len(PREFIX) + _RANDOM + _CHECKSUM


def generate() -> str:
    """A new key."""
    body = PREFIX + "".join(secrets.choice(_DIGITS) for _ in range(_RANDOM))
    return body + _checksum(body)


def is_meant(token: str) -> bool:
    """Whether a bearer token is meant as a key, right or wrong."""
    return token.startswith(PREFIX)


def is_whole(token: str) -> bool:
    """Whether it may be a key that we made: nothing of it is missing or mistyped."""
    if len(token) != LENGTH or not token.isascii():
        return False
    body, checksum = token[:-_CHECKSUM], token[-_CHECKSUM:]
    return is_meant(token) and secrets.compare_digest(checksum, _checksum(body))


def _checksum(body: str) -> str:
    number, text = zlib.crc32(body.encode()), ""
    for _ in range(_CHECKSUM):
        number, digit = divmod(number, len(_DIGITS))
        text = _DIGITS[digit] + text
    return text
