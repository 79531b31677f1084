"""People as clients see and send them."""

import re
from datetime import datetime
from typing import Annotated, cast
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field

from koinonia.common.schema import CLEARS, Change, Clearable, Input, Omittable, Schema
from koinonia.messaging.composing import custom_fields
from koinonia.messaging.names import Name, tidied, tidied_or_none
from koinonia.messaging.people import groups, members
from koinonia.messaging.people.consent.entries import ConsentState
from koinonia.messaging.people.consent.schemas import StopQuestionOut
from koinonia.messaging.timing.zone_names import ZoneName

MOST_IDS = 1000
EMAIL = re.compile(r"[^@\s\x00-\x1f]+@[^@\s.]+(?:\.[^@\s.]+)+")


def email(text: str) -> str:
    """The address, or ``ValueError`` for what nobody could write to."""
    if len(text) > 254 or not EMAIL.fullmatch(text):
        raise ValueError("The email address is not valid. Correct it or leave it out.")
    return text


MaybeName = Annotated[str, BeforeValidator(tidied), Field(max_length=100)]
Email = Annotated[
    Annotated[str, AfterValidator(email), Field(json_schema_extra={"format": "email"})] | None,
    BeforeValidator(tidied_or_none),
]
Keyword = Annotated[
    Annotated[str, Field(min_length=2, max_length=20)] | None, BeforeValidator(tidied_or_none)
]
Phone = Annotated[
    str,
    Field(
        min_length=1,
        max_length=50,
        description="A number of the United States, written in any way: (202) 555-0123.",
        examples=["+12025550123"],
    ),
]
Ids = Annotated[list[UUID], Field(max_length=MOST_IDS)]

FieldValue = Annotated[str, BeforeValidator(tidied), Field(max_length=custom_fields.LONGEST_VALUE)]
FieldValues = Annotated[dict[str, FieldValue | None], Field(max_length=100)]


class BranchIn(Input):
    name: Name


class BranchOut(Schema):
    id: UUID
    name: str
    group_count: int
    member_count: int
    created_at: datetime


class GroupIn(Input):
    """``keyword``: STOP and this word, texted to the church, ends this group's texts alone.
    ``numberId``: what this group is sent comes from this number, unless another is asked for."""

    name: Name
    branch_id: UUID
    keyword: Keyword = None
    number_id: UUID | None = None


class GroupChange(Change):
    """Only what is sent changes; null takes the keyword or the number away."""

    name: Omittable[Name] = None
    branch_id: Omittable[UUID] = None
    keyword: Annotated[Keyword, CLEARS] = None
    number_id: Clearable[UUID] = None

    def given(self) -> groups.GroupChange:
        return cast(groups.GroupChange, self.sent())


class GroupOut(Schema):
    id: UUID
    name: str
    branch_id: UUID
    branch_name: str
    keyword: str | None
    number_id: UUID | None
    member_count: int
    created_at: datetime


class MemberIds(Input):
    member_ids: Annotated[list[UUID], Field(min_length=1, max_length=MOST_IDS)]


class Added(Schema):
    added: int


class MemberIn(Input):
    """``consent``: staff say that the owner of the phone agreed to be texted."""

    first_name: Name
    last_name: MaybeName = ""
    phone: Phone
    email: Email = None
    timezone: ZoneName | None = None
    group_ids: Ids = Field(default_factory=list)
    consent: bool = True
    fields: FieldValues = Field(default_factory=dict, examples=[{}])


class MemberChange(Change):
    """Only what is sent changes; null clears an email, a time zone or one of ``fields``. A new
    phone may be texted when ``consent`` is true, or its consent known."""

    first_name: Omittable[Name] = None
    last_name: Omittable[MaybeName] = None
    phone: Omittable[Phone] = None
    email: Annotated[Email, CLEARS] = None
    timezone: Clearable[ZoneName] = None
    group_ids: Omittable[Ids] = None
    consent: Omittable[bool] = None
    fields: Omittable[FieldValues] = None

    def given(self) -> members.PersonChange:
        sent = self.sent()
        sent.pop("consent", None)
        return cast(members.PersonChange, sent)


class GroupName(Schema):
    id: UUID
    name: str


class ExternalIdOut(Schema):
    """What another system calls somebody."""

    system: str
    id: str


class MemberOut(Schema):
    id: UUID
    first_name: str
    last_name: str
    phone: str
    email: str | None
    timezone: str | None  # null: as their number tells
    groups: list[GroupName]
    consent: ConsentState
    opted_out: bool
    stop_question: StopQuestionOut | None  # broadcasts to their phone wait until it is settled
    fields: dict[str, str]  # the church's own that have a value, by key
    external_ids: list[ExternalIdOut]
    conversation_id: UUID | None  # of their phone, the newest; null where there is none
    last_heard_from: datetime | None = Field(
        description="When their phone last texted the church. It is no change of the member: "
        "updatedAt stays as it is."
    )
    created_at: datetime
    updated_at: datetime


class MemberChangeOut(Schema):
    """``member`` is as they are now, null for who was removed. ``mergedInto``: they were the same
    person as this other member."""

    id: UUID
    changed_at: datetime
    is_removed: bool
    merged_into: UUID | None
    member: MemberOut | None


class MemberChangesOut(Schema):
    """``nextCursor`` is always there but for a church that never had anybody: keep it, and ask with
    it for what changed since."""

    data: list[MemberChangeOut]
    has_more: bool
    next_cursor: str | None
