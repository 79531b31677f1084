"""Keywords as clients see and send them."""

from datetime import datetime
from typing import Annotated, cast
from uuid import UUID

from pydantic import BeforeValidator, Field

from koinonia.common.schema import CLEARS, Change, Clearable, Input, Omittable, Schema
from koinonia.messaging.composing.schemas import Composed
from koinonia.messaging.keywords.keywords import KeywordValues
from koinonia.messaging.names import stripped_or_none, tidied

LONGEST_WORD, LONGEST_ANSWER, MOST_NOTIFIED = 40, 1500, 50


Word = Annotated[
    str, BeforeValidator(tidied), Field(min_length=1, max_length=LONGEST_WORD, examples=["PICNIC"])
]
Answer = Annotated[
    Annotated[str, Composed, Field(max_length=LONGEST_ANSWER)] | None,
    BeforeValidator(stripped_or_none),
    Field(examples=["You're on the list! The picnic is on June 7 at noon."]),
]
Notify = Annotated[
    list[UUID],
    Field(max_length=MOST_NOTIFIED, description="Admins who want to know", examples=[[]]),
]


class KeywordIn(Input):
    """A text that is ``word`` and nothing else puts its sender into the group, is answered with
    ``answer``, and those in ``notify`` are told."""

    word: Word
    group_id: UUID | None = None
    answer: Answer = None
    notify: Notify = Field(default_factory=list)
    is_active: bool = True


class KeywordChange(Change):
    """Only what is sent changes; null takes the group or the answer away."""

    word: Omittable[Word] = None
    group_id: Clearable[UUID] = None
    answer: Annotated[Answer, CLEARS] = None
    notify: Omittable[Notify] = None
    is_active: Omittable[bool] = None

    def given(self) -> KeywordValues:
        return cast(KeywordValues, self.sent())


class KeywordOut(Schema):
    id: UUID
    word: str = Field(examples=["PICNIC"])
    group_id: UUID | None
    group_name: str | None = Field(examples=["Picnic"])
    answer: str | None
    notify: list[UUID]
    is_active: bool
    created_at: datetime
    updated_at: datetime
