"""Settings of integrations beside the shared ones."""

from koinonia.common.settings import DatabaseSettings, EventTextSettings


class Settings(DatabaseSettings, EventTextSettings):
    webhook_loopback: bool = False  # for development: receivers on this machine, also by http
