"""What a service must know to speak with the carriers, mixed into its own settings."""

import base64
import binascii

from pydantic import SecretStr, field_validator

from koinonia.common.settings import Settings


def public_keys(value: str) -> tuple[bytes, ...]:
    """The Ed25519 keys in a comma-separated list of base64. Raises ``ValueError``."""
    try:
        keys = [base64.b64decode(part.strip(), validate=True) for part in value.split(",")]
    except binascii.Error:
        keys = []
    if not keys or any(len(key) != 32 for key in keys):
        raise ValueError("must be base64 of 32 bytes, several keys separated by commas")
    return tuple(keys)


class TelnyxSettings(Settings):
    """Mix into a service: ``class MessagingSettings(DatabaseSettings, TelnyxSettings)``."""

    telnyx_api_url: str = "https://api.telnyx.com/v2"
    telnyx_api_key: SecretStr
    telnyx_public_keys: str  # comma-separated; a second one while the carrier rotates its key

    @field_validator("telnyx_api_url")
    @classmethod
    def _usable_url(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("must start with http:// or https://")
        return value.rstrip("/")

    @field_validator("telnyx_public_keys")
    @classmethod
    def _usable_keys(cls, value: str) -> str:
        public_keys(value)
        return value
