"""Schedules as clients see them."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import AwareDatetime, ConfigDict, Field, JsonValue, model_validator

from koinonia.common.schema import Change, Clearable, ErrorCode, Input, LocalTime, Omittable, Schema
from koinonia.common.schema.rules import refused
from koinonia.messaging.messages.schemas import (
    MOST_MEDIA,
    ONE_OF_EACH,
    RULES,
    Emergency,
    EmergencyOut,
    MediaUrl,
    SendRequest,
    WallTime,
    check_target,
    check_text,
    check_time,
)
from koinonia.messaging.messages.weekly_budget import Priority
from koinonia.messaging.people.targets.target_schemas import (
    MOST_TARGETS,
    Target,
    TargetOut,
    TargetType,
    TypeOfIds,
)

Name = Annotated[str, Field(min_length=1, max_length=100)]
Rrule = Annotated[
    str,
    Field(
        max_length=300,
        description="RFC 5545: daily, weekly, monthly or yearly, at the time of day of "
        "scheduledFor. It ends by UNTIL or COUNT, or never.",
        examples=["FREQ=WEEKLY;BYDAY=SU"],
    ),
]


class OccurrenceOutcome(StrEnum):
    SENT = "sent"
    MISSED = "missed"
    FAILED = "failed"
    SKIPPED = "skipped"


class HeldCode(StrEnum):
    """Why an instant passed without a message, though nothing was wrong with it."""

    TOO_LATE = "too_late"
    SUPERSEDED = "superseded"
    PAUSED = "paused"
    SKIPPED = "skipped"


class ScheduleStatus(StrEnum):
    """active ⇄ paused → finished (nothing comes any more) or cancelled."""

    ACTIVE = "active"
    PAUSED = "paused"
    FINISHED = "finished"
    CANCELLED = "cancelled"


_SUNDAYS: dict[str, JsonValue] = {
    "name": "Sunday reminder",
    "content": "Service starts at 10. See you there!",
    "targetType": "individual",
    "targetIds": ["0199a1c2-7d3e-7abc-8def-0123456789ab"],
    "scheduledFor": {"localTime": "2027-01-03T08:30:00", "timezone": "America/New_York"},
    "rrule": "FREQ=WEEKLY;BYDAY=SU",
}


class ScheduleRequest(SendRequest):
    """What ``POST /api/messages/send`` takes, for later; ``rrule`` makes it recur."""

    model_config = ConfigDict(json_schema_extra={"examples": [_SUNDAYS], **RULES})

    name: Name | None = None
    rrule: Rrule | None = None


class ScheduleChange(Change):
    """Only what is sent changes; ``rrule: null`` makes it a single message again."""

    model_config = ConfigDict(
        json_schema_extra=refused(*ONE_OF_EACH)
        | {
            "examples": [
                {
                    "rrule": "FREQ=MONTHLY;BYDAY=1SU",
                    "targetType": "individual",
                    "targetIds": ["0199a1c2-7d3e-7abc-8def-0123456789ab"],
                }
            ]
        }
    )

    name: Clearable[Name] = None
    content: Omittable[str] = None
    template_id: Clearable[UUID] = None
    target: Omittable[Target] = None
    target_type: Omittable[TypeOfIds] = None
    target_ids: Omittable[Annotated[list[UUID], Field(max_length=MOST_TARGETS)]] = None
    media_urls: Omittable[Annotated[list[MediaUrl], Field(max_length=MOST_MEDIA)]] = None
    media_ids: Omittable[Annotated[list[UUID], Field(max_length=MOST_MEDIA)]] = None
    from_number_id: Clearable[UUID] = None
    priority: Omittable[Priority] = None
    scheduled_at: Omittable[AwareDatetime] = None
    scheduled_for: Omittable[WallTime] = None
    rrule: Clearable[Rrule] = None
    skip_if_later_minutes: Clearable[int] = Field(default=None, ge=1, le=10_080)
    emergency: Clearable[Emergency] = None

    @model_validator(mode="after")
    def _one_of_each(self) -> Self:
        check_text(self.content, self.template_id)
        check_time(self.scheduled_at, self.scheduled_for)
        check_target(self.target, self.target_type, self.target_ids)
        return self

    def given(self) -> dict[str, object]:
        return self.sent()


class ScheduleOut(Schema):
    """``localTime`` is when it begins, as a clock in ``timezone`` shows it; ``nextAt`` is null when
    nothing comes. ``targetIds`` are of members, groups or branches; ``target`` says all that is
    meant."""

    id: UUID
    name: str | None
    status: ScheduleStatus
    content: str
    template_id: UUID | None
    target_type: TargetType
    target_ids: list[UUID]
    target: TargetOut
    media_urls: list[str]
    media_ids: list[UUID]
    from_number_id: UUID | None
    priority: Priority
    rrule: str | None
    local_time: LocalTime
    timezone: str
    next_at: datetime | None
    skip_if_later_minutes: int | None
    emergency: EmergencyOut | None
    created_at: datetime
    changed_at: datetime
    cancelled_at: datetime | None
    paused_at: datetime | None
    skipped_dates: list[date]  # in its zone


Day = Annotated[date, Field(examples=["2027-01-03"], description="In the zone of the schedule.")]


class DateOfSchedule(Input):
    date: Day


class Coming(Schema):
    """One instant: ``at`` in UTC, ``localTime`` as a clock there shows it. ``note`` says what the
    clocks or the quiet hours there make of it. ``isSkipped``: nothing leaves then, because the date
    is skipped or the schedule is paused."""

    at: datetime
    local_time: LocalTime
    timezone: str
    note: str | None
    is_skipped: bool = False


class ScheduleDates(Schema):
    """What comes next. ``isComplete``: nothing follows the last of them."""

    occurrences: list[Coming]
    is_complete: bool


class ScheduleDatesRequest(Input):
    """When a message would leave, before it is made."""

    scheduled_for: WallTime
    rrule: Rrule | None = None
    count: int = Field(default=10, ge=1, le=100)


class OccurrenceOut(Schema):
    """What became of one instant: ``sent`` as a message, ``missed``, ``failed`` or
    ``skipped`` with a reason."""

    occurs_at: datetime
    outcome: OccurrenceOutcome
    message_id: UUID | None
    code: HeldCode | ErrorCode | None = Field(
        description="Why there is no message; where the church has to mend something, the code of "
        "the error that POST /api/messages/send would answer.",
    )
    reason: str | None = Field(description="The same in a sentence.")
