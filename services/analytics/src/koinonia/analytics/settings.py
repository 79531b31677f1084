"""The shared settings only; reads go to ``KOINONIA_REPLICA_URL`` if it is set."""

from koinonia.common.settings import DatabaseSettings


class Settings(DatabaseSettings):
    """The settings of analytics."""
