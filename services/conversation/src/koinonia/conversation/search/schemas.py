"""Schemas of a search."""

from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from pydantic import Field

from koinonia.common.phone import Phones
from koinonia.common.schema import LeftOut
from koinonia.common.web import Page, Schema
from koinonia.common.words import highlights
from koinonia.common.words.highlights import Highlight
from koinonia.conversation.listing.schemas import Listed, MediaSummary
from koinonia.conversation.search import matches
from koinonia.conversation.threads.vocabulary import Direction

TOO_COMMON = (
    "These words are in nearly every text, so only names were searched. Add a word that says more."
)


class MatchKind(StrEnum):
    MESSAGE = "message"
    NAME = "name"
    PHONE = "phone"


class Match(Schema):
    kind: MatchKind
    message_id: UUID | None = Field(description="the line that has the words")
    member_id: UUID | None = Field(description="the person who has the name")
    direction: Direction | None = Field(description="of the line; a note is among them")
    content: str = Field(
        description="the line, the name or the phone", examples=["Is there parking on Sunday?"]
    )
    highlights: list[Highlight]
    media: MediaSummary | None = Field(description="of the line; null where it has no file")
    created_at: datetime = Field(description="of the line, or of the thread's newest message")


class Result(Schema):
    conversation: Listed
    match: Match

    @classmethod
    def from_match(
        cls, found: matches.Match, phones: Phones, digits: str, *, is_unread: bool
    ) -> Self:
        """``is_unread`` for who asks."""
        conversation = Listed.from_row(found, phones, is_unread=is_unread)
        content, spans = _content(found, conversation.phone, digits)
        return cls(
            conversation=conversation,
            match=Match(
                kind=MatchKind(found.kind),
                message_id=found.found_id if found.kind == MatchKind.MESSAGE else None,
                member_id=found.person_id,
                direction=Direction(found.line_direction) if found.line_direction else None,
                content=content,
                highlights=highlights.highlights(spans),
                media=MediaSummary.from_columns(found.line_media_kind, found.line_media_count),
                created_at=found.found_at,
            ),
        )


class Results(Page[Result]):
    """A page of what was found, the newest first."""

    note: LeftOut[str] = Field(
        default=None, description="why messages were not searched", examples=[TOO_COMMON]
    )


def _content(found: matches.Match, phone: str, digits: str) -> tuple[str, list[highlights.Span]]:
    match found.kind:
        case MatchKind.MESSAGE:
            line = found.line or ""
            return line, highlights.spans(line, found.marked)
        case MatchKind.NAME:
            name = found.person or ""  # removed this very moment
            return name, highlights.spans(name, found.marked)
        case _:
            return phone, highlights.part(phone, digits)
