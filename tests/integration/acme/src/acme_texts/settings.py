"""The settings of Acme."""

from pydantic import SecretStr

from koinonia.common.settings import Settings


class AcmeSettings(Settings):
    acme_url: str | None = None  # with it there is an account
    acme_key: SecretStr = SecretStr("")  # signs in, and signs reports
