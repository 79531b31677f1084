"""What a search answers."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from pydantic import Field

from koinonia.common.phone import Phones
from koinonia.common.web import Page, Schema
from koinonia.conversation.listing.schemas import Listed
from koinonia.conversation.threads.vocabulary import Direction
from koinonia.conversation.search import highlights

TOO_COMMON = (
    "These words are in nearly every text, so only names were searched. Add a word that says more."
)


class Kind(StrEnum):
    MESSAGE = "message"
    NAME = "name"
    PHONE = "phone"


class Highlight(Schema):
    """A stretch of ``content``, counted as browsers do: ``content.slice(start, end)``."""

    start: int = Field(examples=[9])
    end: int = Field(examples=[16])


class Match(Schema):
    kind: Kind
    message_id: UUID | None = Field(description="the line that has the words")
    member_id: UUID | None = Field(description="the person who has the name")
    direction: Direction | None = Field(description="of the line; a note is among them")
    content: str = Field(
        description="the line, the name or the phone", examples=["Is there parking on Sunday?"]
    )
    highlights: list[Highlight]
    created_at: datetime = Field(description="of the line, or of the thread's newest message")


class Result(Schema):
    conversation: Listed
    match: Match

    @classmethod
    def of(cls, row: Any, phones: Phones, digits: str) -> Self:
        conversation = Listed.row(row, phones)
        content, found = _shown(row, conversation.phone, digits)
        return cls(
            conversation=conversation,
            match=Match(
                kind=row.kind,
                message_id=row.found_id if row.kind == Kind.MESSAGE else None,
                member_id=row.person_id,
                direction=row.line_direction,
                content=content,
                highlights=[Highlight(start=start, end=end) for start, end in found],
                created_at=row.found_at,
            ),
        )


class Results(Page[Result]):
    """A page of what was found, the newest first."""

    note: str | None = Field(
        default=None,
        description="why messages were not searched",
        examples=[TOO_COMMON],
        exclude_if=lambda note: note is None,
    )


def _shown(row: Any, phone: str, digits: str) -> tuple[str, list[highlights.Span]]:
    match row.kind:
        case Kind.MESSAGE:
            return row.line, highlights.spans(row.line, row.marked)
        case Kind.NAME:
            name = row.person or ""  # removed this very moment
            return name, highlights.spans(name, row.marked)
        case _:
            return phone, highlights.part(phone, digits)
