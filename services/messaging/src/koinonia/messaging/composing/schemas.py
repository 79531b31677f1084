"""Texts, templates and fields as clients see and send them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field

from koinonia.carriers import segments
from koinonia.common import visible_text
from koinonia.common.schema import Change, Input, Omittable, Schema
from koinonia.messaging import names
from koinonia.messaging.composing import text_fields
from koinonia.messaging.names import Name

Composed = AfterValidator(visible_text.written)


class SegmentsIn(Input):
    content: Annotated[str, Composed, Field(max_length=20_000)] = Field(
        examples=["Hi {{firstName|friend}}, we’re glad you came!"]
    )


class Cheaper(Schema):
    """The same words in letters that travel cheaper; nobody applies it but the writer."""

    content: str
    parts: int


class SegmentsOut(Schema):
    """``units`` are septets (GSM-7) or UTF-16 code units (UCS-2). More than ``maxParts`` parts can
    be counted and not sent."""

    encoding: segments.Encoding = Field(examples=[segments.Encoding.UCS_2])
    units: int = Field(examples=[32])
    parts: int
    units_per_part: list[int] = Field(examples=[[32]])
    cheaper: Cheaper | None = Field(examples=[None])
    max_parts: int = segments.MAX_PARTS
    max_characters: int = segments.MAX_CHARACTERS
    is_sendable: bool


def _category(value: object) -> object:
    return names.tidy(value).lower() if isinstance(value, str) else value


def _not_blank(text: str) -> str:
    if visible_text.is_empty(text):
        raise ValueError("Write a text in content.")
    return text


Category = Annotated[
    str, BeforeValidator(_category), Field(min_length=1, max_length=50, examples=["events"])
]
TemplateText = Annotated[
    str,
    Composed,
    AfterValidator(_not_blank),
    Field(max_length=segments.MAX_CHARACTERS, examples=["Hi {{firstName|friend}}, welcome!"]),
]


def _each_once(media_ids: list[UUID]) -> list[UUID]:
    if len(set(media_ids)) < len(media_ids):
        raise ValueError("A file is twice in mediaIds. Name each once.")
    return media_ids


MediaIds = Annotated[
    list[UUID],
    AfterValidator(_each_once),
    Field(max_length=10, description="Of uploads, POST /api/media; 1 MB together."),
]


class TemplateIn(Input):
    name: Name = Field(examples=["Picnic"])
    category: Category = "general"
    content: TemplateText
    media_ids: MediaIds = Field(default=[], examples=[[]])


class TemplateChange(Change):
    """Only what is sent changes."""

    name: Omittable[Name] = None
    category: Omittable[Category] = None
    content: Omittable[TemplateText] = None
    media_ids: Omittable[MediaIds] = None


class TemplateOut(Schema):
    """``fields`` are the merge fields in ``content``; ``mediaIds`` uploads that go with it."""

    id: UUID
    name: str = Field(examples=["Picnic"])
    category: str = Field(examples=["events"])
    content: str = Field(examples=["Hi {{firstName|friend}}, welcome!"])
    fields: list[str] = Field(examples=[["firstName"]])
    media_ids: list[UUID]
    created_at: datetime
    updated_at: datetime


Key = Annotated[
    str,
    Field(pattern=rf"^{text_fields.KEY.pattern}$", examples=["smallGroup"]),
]


Label = Annotated[Name, Field(examples=["Small group"])]


class FieldIn(Input):
    """``key`` is what texts name; ``label`` is what people read."""

    key: Key
    label: Label


class FieldChange(Input):
    label: Label


class FieldOut(Schema):
    id: UUID
    key: str = Field(examples=["smallGroup"])
    label: str = Field(examples=["Small group"])
    created_at: datetime


class CategoryOut(Schema):
    category: str
    templates: int


class Categories(Schema):
    data: list[CategoryOut]
