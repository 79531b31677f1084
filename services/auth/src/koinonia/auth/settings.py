"""Settings of auth beside the shared ones: above all the keys that seal its signing keys."""

from datetime import timedelta
from typing import Literal

from pydantic import Field, SecretStr, field_validator

from koinonia.common.crypto import KeyRing, parse_keys
from koinonia.common.settings import CookieSettings, DatabaseSettings
from koinonia.mail.settings import MailSettings

Witness = Literal["operator", "registration"]


class Settings(DatabaseSettings, CookieSettings, MailSettings):
    """Settings of the auth service."""

    port: int = 8001
    signing_key_ring: SecretStr  # id:base64,id:base64; the first one seals
    signing_key_days: int = Field(default=30, ge=1)

    # A church whose owner has no verified mail address gets no number and sends no broadcast.
    # "operator": the owner clicks the link that is mailed, or somebody who runs Koinonia wrote to
    # the address and was answered, and says so (koinonia churches verify). "registration": whoever
    # registers is believed, which is for demos, tests, and where strangers cannot register.
    addresses_verified_by: Witness = "operator"  # or registration: who says whose an address is

    @field_validator("signing_key_ring")
    @classmethod
    def _usable_ring(cls, value: SecretStr) -> SecretStr:
        KeyRing.parse(value.get_secret_value())
        return value

    @property
    def ring(self) -> KeyRing:
        return KeyRing.parse(self.signing_key_ring.get_secret_value())

    @property
    def ring_keys(self) -> list[bytes]:
        """The keys of the ring, the first one first."""
        return list(parse_keys(self.signing_key_ring.get_secret_value()).values())

    @property
    def signing_period(self) -> timedelta:
        return timedelta(days=self.signing_key_days)

    @property
    def trusts_registration(self) -> bool:
        return self.addresses_verified_by == "registration"
