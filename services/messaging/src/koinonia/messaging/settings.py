"""What messaging needs beside its schema: the carriers."""

from koinonia.carriers.settings import TelnyxSettings
from koinonia.common.settings import DatabaseSettings


class Settings(DatabaseSettings, TelnyxSettings):
    """Settings of the messaging service."""
