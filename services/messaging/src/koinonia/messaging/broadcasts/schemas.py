"""What comes in and goes out under ``/api/messages``."""

import unicodedata
from datetime import datetime
from typing import Annotated, Self
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import AfterValidator, Field, model_validator

from koinonia.common.schema import Schema
from koinonia.messaging.people.audience import TargetType

MOST_TARGETS = 1000
MOST_MEDIA = 10


def _reachable(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("A media URL must begin with https:// and be public.")
    return url


MediaUrl = Annotated[str, Field(max_length=2000), AfterValidator(_reachable)]


class SendRequest(Schema):
    """``targetIds`` are members, groups or branches, as ``targetType`` says; none for ``all``."""

    content: Annotated[str, AfterValidator(lambda text: unicodedata.normalize("NFC", text))] = ""
    target_type: TargetType
    target_ids: list[UUID] = Field(default=[], max_length=MOST_TARGETS)
    media_urls: list[MediaUrl] = Field(default=[], max_length=MOST_MEDIA)
    scheduled_at: datetime | None = None

    @model_validator(mode="after")
    def _targets_fit(self) -> Self:
        if self.target_type is TargetType.ALL and self.target_ids:
            raise ValueError("Leave targetIds empty when targetType is all.")
        if self.target_type is not TargetType.ALL and not self.target_ids:
            raise ValueError(f"Name at least one id in targetIds for {self.target_type}.")
        return self


class Sent(Schema):
    id: UUID
    status: str
    total_recipients: int


class Counts(Schema):
    pending: int
    sending: int
    sent: int
    delivered: int
    failed: int
    unconfirmed: int
    skipped: int


class MessageItem(Schema):
    """A broadcast in the list."""

    id: UUID
    status: str
    content: str
    media_urls: list[str]
    target_type: str
    total_recipients: int
    counts: Counts
    created_at: datetime
    started_at: datetime | None
    completed_at: datetime | None


class Excluded(Schema):
    opted_out: int


class Reason(Schema):
    """Why something did not happen: a word for programs, a sentence for people."""

    code: str
    reason: str


class Parts(Schema):
    estimated: int
    billed: int


class MessageDetail(MessageItem):
    target_ids: list[UUID]
    excluded: Excluded
    parts: Parts
    declined: Reason | None
    paused: Reason | None
    cancelled_at: datetime | None
    finishes_at: datetime | None  # when the last text leaves, as it looks now


class RecipientFailure(Schema):
    code: str
    message: str


class RecipientItem(Schema):
    """One phone; ``memberId`` is who of its household joined first."""

    id: UUID
    member_id: UUID | None
    first_name: str | None
    last_name: str | None
    phone: str
    status: str
    failure: RecipientFailure | None
    parts: int
    sent_at: datetime | None
    settled_at: datetime | None
