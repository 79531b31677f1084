"""Schemas of the routes of office hours."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import ConfigDict, Field

from koinonia.common import clock
from koinonia.common.schema import Input, Schema
from koinonia.common.schema.rules import none_of, refused, where
from koinonia.conversation.automatic import opening_times
from koinonia.conversation.automatic.office_hours import Office
from koinonia.conversation.automatic.opening_times import Span
from koinonia.conversation.replies.schemas import Content

MOST_SPANS = 7 * opening_times.MOST_A_DAY
CLOSED = "Thank you for your text. Our office opens at 9 in the morning; we will answer you then."

Clock = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", examples=["09:00"])]
End = Annotated[str, Field(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$", examples=["17:00"])]

Day = Annotated[int, Field(ge=1, le=7, description="1 is Monday, 7 is Sunday")]
From = Annotated[Clock, Field(alias="from")]
To = Annotated[End, Field(alias="to", description="later on the same day; 24:00 is its end")]


class Hours(Input):
    """A span of one weekday, in the wall time of the church."""

    day: Day
    start: From
    end: To

    @property
    def span(self) -> Span:
        return Span(self.day, opening_times.minutes(self.start), opening_times.minutes(self.end))


class HoursOut(Schema):
    """A span of one weekday, in the wall time of the church."""

    day: Day
    start: From
    end: To

    @classmethod
    def from_span(cls, span: Span) -> Self:
        return cls(
            day=span.day,
            start=opening_times.clock_time(span.start),
            end=opening_times.clock_time(span.end),
        )


class OfficeHoursIn(Input):
    """Up to three spans a day that do not overlap; a day without any is closed."""

    model_config = ConfigDict(json_schema_extra=refused(where("enabled", True, none_of("answer"))))

    enabled: bool = Field(description="whether texts outside of these hours are answered")
    hours: list[Hours] = Field(max_length=MOST_SPANS)
    answer: Content = Field(
        default="", description="up to 1,600 characters; needed when enabled", examples=[CLOSED]
    )


class OfficeHours(Schema):
    enabled: bool = Field(description="whether texts outside of these hours are answered")
    hours: list[HoursOut]
    answer: str = Field(examples=[CLOSED])
    timezone: str | None = Field(
        description="of the church; null until it is known", examples=["America/New_York"]
    )
    is_open_now: bool | None = Field(description="null while the time zone is not known")
    opens_at: datetime | None = Field(
        description="when it opens next, in the time zone of the church; null while it is open",
        examples=["2026-11-23T09:00:00-05:00"],
    )

    @classmethod
    def from_office(cls, office: Office) -> Self:
        now, week = clock.now(), office.week
        opens_at = week.opens_at(now) if week else None
        return cls(
            enabled=office.is_enabled,
            hours=[HoursOut.from_span(span) for span in office.spans],
            answer=office.answer,
            timezone=office.zone.key if office.zone else None,
            is_open_now=week.is_open(now) if week else None,
            opens_at=opens_at.astimezone(office.zone) if opens_at else None,
        )
