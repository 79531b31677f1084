"""Consent as clients see and send it."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, ConfigDict, Field
from pydantic.config import JsonDict

from koinonia.common.schema import Input, Schema
from koinonia.common.schema.rules import both, none_of, refused
from koinonia.messaging.people.consent.entries import ConsentKind, ConsentMethod, ConsentState
from koinonia.messaging.people.consent.stop_questions import Decision

Text = Annotated[str, Field(max_length=2000)]
EXAMPLE: JsonDict = {
    "phone": "+12025550123",
    "kind": "revoked",
    "method": "staff",
    "words": "Please don't text me any more.",
    "note": "Called the office",
}


OF_WHOM = refused(both("phone", "memberId"), none_of("phone", "memberId"))


class ConsentIn(Input):
    """What a person told staff, of whom, and how staff know: in ``words`` what the person said or
    signed, in ``note`` what staff say about it."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE], **OF_WHOM})

    phone: Annotated[str, Field(max_length=50)] | None = None
    member_id: UUID | None = None
    kind: Literal[ConsentKind.GRANTED, ConsentKind.REVOKED]
    method: Literal[ConsentMethod.STAFF, ConsentMethod.WEB_FORM] = ConsentMethod.STAFF
    words: Text | None = None
    note: Text | None = None
    occurred_at: AwareDatetime | None = Field(
        default=None,
        description="When they said so: from the year 2000 on, and not in the future. Now, unless "
        "it is given.",
        examples=["2026-11-29T09:30:00-05:00"],
    )


class StopDecisionIn(Input):
    """Whether the text that may ask to stop is a stop or an ordinary answer."""

    model_config = ConfigDict(json_schema_extra=OF_WHOM)

    phone: Annotated[str, Field(max_length=50)] | None = None
    member_id: UUID | None = None
    decision: Decision
    note: Text | None = None


class StopQuestionOut(Schema):
    """A text that may ask to stop. Until it is settled no broadcast goes to the phone; unsettled,
    it is a stop from ``countsFrom`` on."""

    asked_at: datetime
    counts_from: datetime
    words: str


class PersonOnPhone(Schema):
    id: UUID
    first_name: str
    last_name: str


class ListedQuestionOut(StopQuestionOut):
    """``members``: everybody on this phone, none where nobody of them is known."""

    phone: str
    members: list[PersonOnPhone]


class EntryOut(Schema):
    """``sourceId`` is the text of the person, the message of ours that the carrier refused, or the
    entry that this one annuls; ``answerId`` is our confirmation; ``groupId`` is set when it is
    about one ministry."""

    id: UUID
    kind: ConsentKind
    method: ConsentMethod
    group_id: UUID | None
    group_name: str | None
    words: str | None
    note: str | None
    source_id: UUID | None
    answer_id: UUID | None
    actor_id: UUID | None
    address: str | None
    occurred_at: datetime
    recorded_at: datetime


class StoppedGroup(Schema):
    id: UUID
    name: str


class ConsentOut(Schema):
    """``none``: nothing is known, so the phone is not texted. ``isOwn``: the phone itself said so
    and alone can take it back. ``isBlocked``: the carrier refuses texts as well. ``unreachable``:
    within half a year a carrier said that the phone takes no texts."""

    phone: str
    state: ConsentState
    is_own: bool
    is_blocked: bool
    since: datetime | None
    unreachable: Literal["landline", "invalid"] | None
    stop_question: StopQuestionOut | None
    stopped_groups: list[StoppedGroup]
    history: list[EntryOut]
