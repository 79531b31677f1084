"""Sending numbers as clients see and ask for them."""

from datetime import datetime
from uuid import UUID

from koinonia.common.schema import Input, Schema
from koinonia.messaging.numbers.numbers import Status


class NumberIn(Input):
    area_code: str


class NumberOut(Schema):
    """``failure`` says why an order came to nothing."""

    id: UUID
    phone_number: str
    status: Status
    area_code: str
    failure: str | None
    ordered_at: datetime
    active_at: datetime | None
