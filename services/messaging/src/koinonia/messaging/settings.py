"""What messaging needs beside its schema: the carriers."""

from pydantic import Field

from koinonia.carriers.settings import CarrierSettings
from koinonia.common.settings import DatabaseSettings


class Settings(DatabaseSettings, CarrierSettings):
    """Settings of the messaging service."""

    # Calls to a carrier that one worker makes at a time; together no more than its connections.
    carrier_calls: int = Field(default=32, ge=1)  # at a time, per worker
    carrier_calls_for_replies: int = Field(default=16, ge=1)  # besides those of broadcasts
