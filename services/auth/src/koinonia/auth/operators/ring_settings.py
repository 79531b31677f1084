"""What commands read of the environment that seals and digests secrets."""

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from koinonia.common.settings import PREFIX


class RingSettings(BaseSettings):
    """The settings that seal a signing key."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, extra="ignore")

    signing_key_ring: SecretStr
    signing_key_days: int = 30
