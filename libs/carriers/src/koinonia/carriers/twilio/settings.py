"""The settings of Twilio."""

from pydantic import Field, SecretStr, ValidationInfo, field_validator

from koinonia.carriers import http
from koinonia.common.settings import Settings


class TwilioSettings(Settings):
    """For an installation with an account at Twilio: both of its settings, or neither."""

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
        return http.usable_url(value)

    @field_validator("twilio_auth_token")
    @classmethod
    def _both_or_neither(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if bool(_words(value)) != bool(info.data.get("twilio_account_sid")):
            raise ValueError("must be set together with KOINONIA_TWILIO_ACCOUNT_SID, or neither")
        return value


def _words(value: SecretStr | None) -> tuple[str, ...]:
    parts = value.get_secret_value().split(",") if value else ()
    return tuple(part.strip() for part in parts if part.strip())
