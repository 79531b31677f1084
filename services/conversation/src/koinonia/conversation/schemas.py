"""Schemas that several packages share."""

from uuid import UUID

from pydantic import Field

from koinonia.common.web import Schema


class AdminName(Schema):
    """Somebody of the team. Who left keeps their name; null as long as it is not known."""

    id: UUID
    first_name: str | None = Field(examples=["Ruth"])
    last_name: str | None = Field(examples=["Meyer"])


class LabelName(Schema):
    id: UUID
    name: str = Field(examples=["Prayer"])
    colour: str = Field(description="#rrggbb", examples=["#2f7d6b"])
