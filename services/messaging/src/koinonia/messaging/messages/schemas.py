"""What comes in and goes out under ``/api/messages``."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    ConfigDict,
    Field,
    JsonValue,
    model_validator,
)

from koinonia.carriers.failures import Failure
from koinonia.common.events.billing import DeclineCode
from koinonia.common.events.messaging import DeliveryStatus, OwnFailure
from koinonia.common.schema import Input, LeftOut, LocalTime, Schema
from koinonia.common.schema.rules import both, given, none_of, refused, where
from koinonia.common.visible_text import Written
from koinonia.common.words.highlights import Highlight
from koinonia.messaging.messages.weekly_budget import Priority
from koinonia.messaging.people.targets.target_schemas import (
    MOST_TARGETS,
    EverybodyTarget,
    IdsTarget,
    Target,
    TargetOut,
    TargetType,
    TypeOfIds,
)
from koinonia.messaging.timing.zone_names import ZoneName
from koinonia.messaging.vocabulary import MessageStatus, PauseCode

MOST_MEDIA = 10
MOST_UNDO_SECONDS = 30


def _reachable(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("A media URL must begin with https:// and be public.")
    return url


MediaUrl = Annotated[
    str,
    Field(
        max_length=2000,
        examples=["https://example.org/picnic.jpg"],
        json_schema_extra={"format": "uri", "pattern": "^https?://"},
    ),
    AfterValidator(_reachable),
]


def _within_reach(wall: datetime) -> datetime:
    if not 2000 <= wall.year <= 2200:
        raise ValueError("Choose a year from 2000 to 2200.")
    return wall


class WallTime(Input):
    """What a clock on the wall shows in that zone, whatever becomes of its offset."""

    local_time: Annotated[LocalTime, AfterValidator(_within_reach)] = Field(
        description="In a year from 2000 to 2200.", examples=["2027-01-03T09:00:00"]
    )
    timezone: ZoneName = Field(max_length=64, examples=["America/New_York"])


class Emergency(Input):
    """Why this cannot wait for the morning; it is kept with the message."""

    reason: str = Field(min_length=3, max_length=500, examples=["Flash flood warning"])


class EmergencyOut(Schema):
    reason: str = Field(description="A sentence of the owner.", examples=["Flash flood warning"])


NEED_IDS = ("individual", "groups", "branches")
ONE_OF_EACH = (
    both("content", "templateId"),
    both("scheduledAt", "scheduledFor"),
    both("target", "targetType"),
    both("target", "targetIds"),
    where("targetType", "all", given("targetIds")),
)
RULES = refused(
    *ONE_OF_EACH,
    none_of("target", "targetType"),
    *(where("targetType", ids, none_of("targetIds")) for ids in NEED_IDS),
)
_TO_ONE: dict[str, JsonValue] = {
    "content": "Service on Sunday begins at ten.",
    "targetType": "individual",
    "targetIds": ["0199a1c2-7d3e-7abc-8def-0123456789ab"],
}


def check_text(content: str | None, template_id: UUID | None) -> None:
    if content and template_id:
        raise ValueError("Give either content or templateId, not both.")


def check_time(scheduled_at: datetime | None, scheduled_for: WallTime | None) -> None:
    if scheduled_at and scheduled_for:
        raise ValueError("Give either scheduledAt or scheduledFor, not both.")


def check_target(
    target: Target | None, target_type: TypeOfIds | None, target_ids: Sequence[UUID] | None
) -> None:
    if target and (target_type or target_ids):
        raise ValueError("Give either target, or targetType with targetIds, not both.")
    if target_type == "all" and target_ids:
        raise ValueError("Leave targetIds empty when targetType is all.")


class WrittenMessage(Input):
    """What a message says, and its files."""

    content: Written = ""
    template_id: UUID | None = Field(default=None, description="In the place of content.")
    media_urls: list[MediaUrl] = Field(
        default=[],
        max_length=MOST_MEDIA,
        description=f"At most {MOST_MEDIA} files, with those of mediaIds.",
    )
    media_ids: list[UUID] = Field(
        default=[],
        max_length=MOST_MEDIA,
        description="Of uploads, POST /api/media, each once; 1 MB together. They are kept as long "
        "as this is.",
    )

    @model_validator(mode="after")
    def _ten_files_at_most(self) -> Self:
        if len(self.media_urls) + len(self.media_ids) > MOST_MEDIA:
            raise ValueError(
                f"Give at most {MOST_MEDIA} files, in mediaUrls and mediaIds together."
            )
        if len(set(self.media_ids)) < len(self.media_ids):
            raise ValueError("A file is twice in mediaIds. Name each once.")
        return self

    @model_validator(mode="after")
    def _one_text(self) -> Self:
        check_text(self.content, self.template_id)
        return self


class SendRequest(WrittenMessage):
    """Whom it is for says ``target``, or ``targetType`` with ``targetIds``: members, groups or
    branches, none for ``all``."""

    model_config = ConfigDict(json_schema_extra=RULES | {"examples": [_TO_ONE]})

    target: Target | None = Field(
        default=None,
        description="In the place of targetType and targetIds. Who is in it is looked up when it "
        "is sent, of a schedule each time.",
    )
    target_type: TypeOfIds | None = None
    target_ids: list[UUID] = Field(default=[], max_length=MOST_TARGETS)
    from_number_id: UUID | None = Field(
        default=None,
        description="The number that it comes from. Otherwise that of the groups in targetIds, if "
        "they all have the same, or else the church's first.",
    )
    priority: Priority = Field(
        default=Priority.NORMAL,
        description="high passes the weekly budget of texts per person, low leaves its last one.",
    )
    preview_hash: str | None = Field(
        default=None,
        max_length=100,
        description="Of the preview that was agreed to: sending is refused if it no longer holds.",
    )
    scheduled_at: AwareDatetime | None = Field(
        default=None,
        description="An instant with its offset, at least a minute ahead: who is in the target "
        "then gets it. The answer is a schedule.",
        examples=["2027-01-03T09:00:00-05:00"],
    )
    scheduled_for: WallTime | None = Field(
        default=None, description="In the place of scheduledAt: a wall time and its zone."
    )
    skip_if_later_minutes: int | None = Field(
        default=None,
        ge=1,
        le=10_080,
        description="What has not left so many minutes after its time is not sent any more.",
    )
    undo_seconds: int = Field(
        default=0,
        ge=0,
        le=MOST_UNDO_SECONDS,
        description="Nothing of it leaves for so long: cancelled by then, it was texted to nobody. "
        "What is scheduled does not wait for it.",
    )
    emergency: Emergency | None = Field(
        default=None, description="Texts leave in quiet hours too. Takes an owner; is audited."
    )

    @model_validator(mode="after")
    def _targets_fit(self) -> Self:
        check_target(self.target, self.target_type, self.target_ids)
        if not self.target and not self.target_type:
            raise ValueError("Say whom it is for: give target, or targetType with targetIds.")
        if self.target_type and self.target_type != "all" and not self.target_ids:
            raise ValueError(f"Name at least one id in targetIds for {self.target_type}.")
        return self

    @property
    def whom(self) -> Target:
        """The target, in whichever way it was given."""
        if self.target:
            return self.target
        if self.target_type is None or self.target_type == "all":
            return EverybodyTarget(type="all")
        return IdsTarget(type=self.target_type, ids=self.target_ids)

    @model_validator(mode="after")
    def _one_time(self) -> Self:
        check_time(self.scheduled_at, self.scheduled_for)
        return self


class AcceptedMessage(Schema):
    """A message that leaves as soon as billing approves it: ``GET /api/messages/{messageId}``.
    ``id`` is the same id."""

    kind: Literal["message"] = "message"
    id: UUID
    message_id: UUID
    status: Literal["pending"] = "pending"
    total_recipients: int


class AcceptedSchedule(Schema):
    """What leaves later: ``GET /api/schedules/{scheduleId}``. ``id`` is the same id, and no
    message's: each date makes a message with an id of its own. ``totalRecipients`` is who would get
    it now."""

    kind: Literal["schedule"] = "schedule"
    id: UUID
    schedule_id: UUID
    status: Literal["scheduled"] = "scheduled"
    total_recipients: int
    scheduled_at: datetime


Accepted = Annotated[AcceptedMessage | AcceptedSchedule, Field(discriminator="kind")]


class Counts(Schema):
    pending: int
    sending: int
    sent: int
    delivered: int
    failed: int
    unconfirmed: int
    skipped: int


class Responses(Schema):
    """Phones that texted back within a week, each once; a phone may be in both. ``stopped`` said
    STOP or left a ministry; ``replied`` wrote anything else, START and HELP apart."""

    replied: int
    stopped: int


class MessageItem(Schema):
    """A broadcast in the list. ``isTest``: a test text of somebody of the team to themself."""

    id: UUID
    is_test: bool
    status: MessageStatus
    content: str
    media_urls: list[str]
    from_number: str = Field(examples=["+12025550100"])
    target_type: TargetType
    total_recipients: int
    counts: Counts
    responses: Responses
    created_at: datetime
    started_at: datetime | None
    completed_at: datetime | None


class ListedMessage(MessageItem):
    """A broadcast in the list, and what a search found in it."""

    highlights: LeftOut[list[Highlight]] = Field(
        default=None, description="Where the words of a search stand in content; without one none."
    )


class Excluded(Schema):
    """Phones that are left out, by reason; ``removed``: an earlier message went there, and nobody
    of the church has that phone any more. ``duplicate`` counts the people who share a phone with
    somebody who joined before them."""

    removed: int = 0
    opted_out: int = 0
    no_consent: int = 0
    stop_asked: int = 0
    ministry_stopped: int = 0
    invalid: int = 0
    landline: int = 0
    fatigue: int = 0
    duplicate: int = 0


class Declined(Schema):
    """Why billing declined a message; ``reason`` is a sentence for staff."""

    code: DeclineCode
    reason: str


class Paused(Schema):
    """Why a message waits: ``staff`` paused it, or every further text would fail like this.
    ``reason`` is a sentence for staff."""

    code: Failure | PauseCode
    reason: str


class Parts(Schema):
    estimated: int
    billed: int


class HeldTexts(Schema):
    """Texts that wait for the morning at their recipients, and until when the first of them."""

    held: int
    until: datetime | None


class MessageDetail(MessageItem):
    """``targetIds`` are of members, groups or branches; ``target`` says all that is meant."""

    target_ids: list[UUID]
    target: TargetOut
    excluded: Excluded
    parts: Parts
    declined: Declined | None
    paused: Paused | None
    cancelled_at: datetime | None
    finishes_at: datetime | None  # when the last text leaves, as it looks now
    quiet_hours: HeldTexts
    emergency: EmergencyOut | None  # it was sent whatever the hour
    schedule_id: UUID | None
    latest_at: datetime | None  # what has not left by then is skipped
    undo_until: datetime | None  # nothing leaves before, so cancelling until then undoes it


class RecipientFailure(Schema):
    code: Failure | OwnFailure
    message: str


class RecipientItem(Schema):
    """One phone and its own text; ``memberId`` is who of its household joined first. ``repliedAt``
    and ``stoppedAt``: when it first texted back, or said STOP."""

    id: UUID
    member_id: UUID | None
    first_name: str | None
    last_name: str | None
    phone: str
    content: str
    status: DeliveryStatus
    failure: RecipientFailure | None
    parts: int
    sent_at: datetime | None
    settled_at: datetime | None
    replied_at: datetime | None
    stopped_at: datetime | None
    conversation_id: UUID | None


class FailureCount(Schema):
    """So many texts are in ``status`` for one reason."""

    status: DeliveryStatus
    failure: RecipientFailure
    texts: int


class FailureList(Schema):
    data: list[FailureCount]
