"""What the shared inbox reads from the environment."""

from koinonia.common.settings import DatabaseSettings


class Settings(DatabaseSettings):
    """Nothing beside what every service with a schema needs."""
