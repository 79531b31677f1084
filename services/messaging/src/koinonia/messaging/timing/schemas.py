"""What a church decides about its texts, as clients see it."""

from contextlib import suppress
from datetime import datetime, time
from typing import Annotated, cast

from pydantic import BeforeValidator, Field, PlainSerializer

from koinonia.common.schema import Change, Clearable, Omittable, Schema
from koinonia.messaging.timing.texting_rules import RulesChange


def _wall(value: object) -> time:
    if isinstance(value, time):
        return value
    wall = None
    if isinstance(value, str):
        with suppress(ValueError):
            wall = time.fromisoformat(value).replace(second=0, microsecond=0)
    if wall is None or wall.tzinfo is not None:
        raise ValueError("Write a time of day like 08:00.")
    return wall


Written = Annotated[
    str, Field(json_schema_extra={"pattern": "^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$"})
]
WallTime = Annotated[
    time,
    BeforeValidator(_wall, json_schema_input_type=Written),
    PlainSerializer(lambda wall: f"{wall:%H:%M}", return_type=str),
]


class TextingRules(Schema):
    """Broadcasts arrive from ``textsFrom`` to before ``textsUntil``, local time of each phone."""

    texts_from: WallTime = Field(examples=["08:00"])
    texts_until: WallTime = Field(examples=["21:00"])
    weekly_budget: int | None
    help_contact: str | None
    changed_at: datetime | None


class TextingRulesChange(Change):
    """Only what is sent changes; null takes a budget or contact away."""

    texts_from: Omittable[WallTime] = Field(default=None, examples=["09:00"])
    texts_until: Omittable[WallTime] = Field(default=None, examples=["20:00"])
    weekly_budget: Clearable[int] = Field(default=None, ge=1, le=100)
    help_contact: Clearable[Annotated[str, Field(min_length=1, max_length=200)]] = None

    def given(self) -> RulesChange:
        return cast(RulesChange, self.sent())
