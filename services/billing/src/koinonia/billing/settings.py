"""Settings of billing beside the shared ones."""

from pydantic import Field

from koinonia.common.settings import DatabaseSettings


class Settings(DatabaseSettings):
    trial_allowance_parts: int | None = Field(default=None, ge=0)  # default: what the plan says
