"""Sending numbers as clients see and ask for them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BeforeValidator, Field

from koinonia.common.events.messaging import NumberConnection
from koinonia.common.schema import CLEARS, Change, Input, Schema
from koinonia.messaging.names import tidied_or_none
from koinonia.messaging.vocabulary import NumberStatus

Label = Annotated[Annotated[str, Field(max_length=40)] | None, BeforeValidator(tidied_or_none)]


AreaCode = Annotated[str, Field(json_schema_extra={"pattern": "^[2-9][0-9]{2}$"}, examples=["202"])]


class NumberIn(Input):
    """``areaCode``: one of the United States that has ordinary local numbers; others answer
    ``BAD_AREA_CODE``."""

    area_code: AreaCode


class NumberChange(Change):
    """``label``: what the number is for; null takes it away."""

    label: Annotated[Label, CLEARS] = Field(examples=["Youth"])


class NumberOut(Schema):
    """``failure`` says why an order came to nothing, ``connectionProblem`` what is wrong with an
    active number at the carrier and what to do; ``checkedAt`` is when the carrier last answered."""

    id: UUID
    phone_number: str
    label: str | None
    status: NumberStatus
    area_code: AreaCode
    failure: str | None
    ordered_at: datetime
    active_at: datetime | None
    connection: NumberConnection
    connection_problem: str | None
    checked_at: datetime | None
