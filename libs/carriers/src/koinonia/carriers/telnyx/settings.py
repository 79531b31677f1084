"""The settings of Telnyx."""

import base64
import binascii

from pydantic import SecretStr, field_validator

from koinonia.carriers import http
from koinonia.common.settings import Settings


class TelnyxSettings(Settings):
    """The carrier that every installation has an account with."""

    telnyx_api_url: str = "https://api.telnyx.com/v2"  # or a simulator's
    telnyx_api_key: SecretStr  # of the account that sends
    telnyx_public_keys: str  # comma-separated; a second one while the carrier rotates its key

    @field_validator("telnyx_api_url")
    @classmethod
    def _usable_url(cls, value: str) -> str:
        return http.usable_url(value)

    @field_validator("telnyx_public_keys")
    @classmethod
    def _usable_keys(cls, value: str) -> str:
        public_keys(value)
        return value


def public_keys(value: str) -> tuple[bytes, ...]:
    """The Ed25519 keys in a comma-separated list of base64. Raises ``ValueError``."""
    try:
        keys = [base64.b64decode(part.strip(), validate=True) for part in value.split(",")]
    except binascii.Error:
        keys = []
    if not keys or any(len(key) != 32 for key in keys):
        raise ValueError("must be base64 of 32 bytes, several keys separated by commas")
    return tuple(keys)
