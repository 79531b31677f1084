"""Settings of messaging."""

from typing import Literal

from pydantic import Field, field_validator

from koinonia.carriers import CARRIERS
from koinonia.carriers.settings import CarrierSettings
from koinonia.common.settings import DatabaseSettings, EventTextSettings


class Settings(DatabaseSettings, EventTextSettings, CarrierSettings):
    """Settings of the messaging service."""

    carrier: str = next(iter(CARRIERS))  # where new numbers are ordered

    # An order costs money whatever becomes of it.
    number_orders_per_day: int = Field(default=100, ge=0)  # of all churches together, by UTC days
    number_orders_per_church_per_day: int = Field(default=5, ge=0)  # in 24 hours

    # Every active number is compared with the carrier so often, and what was lost is relinked.
    number_sweep_minutes: float = Field(default=60.0, gt=0)
    number_calls_per_minute: float = Field(default=120.0, gt=0)  # for that, of all workers

    # Calls to a carrier that one worker makes at a time; together no more than its connections.
    carrier_calls: int = Field(default=32, ge=1)  # at a time, per worker
    carrier_calls_for_replies: int = Field(default=16, ge=1)  # besides those of broadcasts

    # No faster than this, unless the table sending_rates says otherwise.
    carrier_parts_per_second: float = Field(default=50.0, gt=0)  # per account; Telnyx's usual limit
    carrier_media_per_second: float = Field(default=15.0, gt=0)  # of texts with media, per account
    number_parts_per_second: float = Field(default=40.0, gt=0)  # AT&T's for charities, per number
    number_media_per_second: float = Field(default=20.0, gt=0)  # of texts with media, per number

    # "ignored" is for tests and demonstrations, which are to run at any hour: it lets broadcasts
    # leave at night.
    quiet_hours: Literal["enforced", "ignored"] = "enforced"  # 08:00 to 21:00 at the recipient's

    report_patience_minutes: float = Field(default=15.0, gt=0)  # then we ask the carrier ourselves
    unconfirmed_after_hours: float = Field(default=72.0, gt=0)  # without a last report

    @field_validator("carrier")
    @classmethod
    def _known_carrier(cls, value: str) -> str:
        if value not in CARRIERS:
            raise ValueError(f"must be one of {', '.join(CARRIERS)}")
        return value
