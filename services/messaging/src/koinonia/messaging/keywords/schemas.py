"""Keywords as clients see and send them."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator, Field

from koinonia.common.schema import Schema
from koinonia.messaging import names
from koinonia.messaging.composing.schemas import Composed

LONGEST_WORD, LONGEST_ANSWER, MOST_NOTIFIED = 40, 1500, 50
CLEARED = ("group_id", "answer")  # by null


def _tidy(value: Any) -> Any:
    return names.tidy(value) if isinstance(value, str) else value


def _stripped_or_none(value: Any) -> Any:
    return (value.strip() or None) if isinstance(value, str) else value


Word = Annotated[
    str, BeforeValidator(_tidy), Field(min_length=1, max_length=LONGEST_WORD, examples=["PICNIC"])
]
Answer = Annotated[
    Annotated[str, Composed, Field(max_length=LONGEST_ANSWER)] | None,
    BeforeValidator(_stripped_or_none),
    Field(examples=["You're on the list! The picnic is on June 7 at noon."]),
]
Notify = Annotated[
    list[UUID],
    Field(max_length=MOST_NOTIFIED, description="Admins who want to know", examples=[[]]),
]


class KeywordIn(Schema):
    """A text that is ``word`` and nothing else puts its sender into the group, is answered with
    ``answer``, and those in ``notify`` are told."""

    word: Word
    group_id: UUID | None = None
    answer: Answer = None
    notify: Notify = Field(default_factory=list)
    is_active: bool = True


class KeywordChange(Schema):
    """Only what is sent changes; null takes the group or the answer away."""

    word: Word | None = None
    group_id: UUID | None = None
    answer: Answer = None
    notify: Notify | None = None
    is_active: bool | None = None

    def given(self) -> dict[str, Any]:
        sent = self.model_dump(include=self.model_fields_set)
        return {name: value for name, value in sent.items() if value is not None or name in CLEARED}


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
