"""What a service must know to speak with the carriers, mixed into its own settings."""

import base64
import binascii

from pydantic import Field, SecretStr, ValidationInfo, field_validator

from koinonia.common.settings import Settings


def usable_url(value: str) -> str:
    """The address without a slash at its end. Raises ``ValueError``."""
    if not value.startswith(("http://", "https://")):
        raise ValueError("must start with http:// or https://")
    return value.rstrip("/")


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

    telnyx_api_url: str = "https://api.telnyx.com/v2"  # or a simulator's
    telnyx_api_key: SecretStr  # of the account that sends
    telnyx_public_keys: str  # comma-separated; a second one while the carrier rotates its key

    @field_validator("telnyx_api_url")
    @classmethod
    def _usable_url(cls, value: str) -> str:
        return usable_url(value)

    @field_validator("telnyx_public_keys")
    @classmethod
    def _usable_keys(cls, value: str) -> str:
        public_keys(value)
        return value


class TwilioSettings(Settings):
    """The second carrier, for who has an account there: both of its settings, or neither."""

    twilio_api_url: str = "https://api.twilio.com"  # or a simulator's
    twilio_account_sid: str | None = None  # with an auth token Twilio can be used, without not
    twilio_auth_token: SecretStr | None = Field(
        default=None,
        validate_default=True,
        description="comma-separated: the first signs in, each may have signed a call",
    )

    @property
    def twilio_tokens(self) -> tuple[str, ...]:
        return _words(self.twilio_auth_token)

    @field_validator("twilio_api_url")
    @classmethod
    def _usable_twilio_url(cls, value: str) -> str:
        return usable_url(value)

    @field_validator("twilio_auth_token")
    @classmethod
    def _both_or_neither(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if bool(_words(value)) != bool(info.data.get("twilio_account_sid")):
            raise ValueError("must be set together with KOINONIA_TWILIO_ACCOUNT_SID, or neither")
        return value


class CarrierSettings(TelnyxSettings, TwilioSettings):
    """All carriers, mixed into a service that speaks with whichever are configured."""


def _words(value: SecretStr | None) -> tuple[str, ...]:
    parts = value.get_secret_value().split(",") if value else ()
    return tuple(part.strip() for part in parts if part.strip())
