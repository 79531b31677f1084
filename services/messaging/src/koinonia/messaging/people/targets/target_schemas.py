"""Targets as clients state them, and as they are shown."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, TypeAdapter, model_validator

from koinonia.common.schema import Input, Schema
from koinonia.messaging.people.filters.people_filter import PeopleFilter
from koinonia.messaging.people.filters.shown_filter import FilterOut, Said

MOST_TARGETS = 1000


class TargetType(StrEnum):
    INDIVIDUAL = "individual"
    GROUPS = "groups"
    BRANCHES = "branches"
    ALL = "all"
    FILTER = "filter"
    SEGMENT = "segment"
    RECIPIENTS_OF = "recipients_of"


Listed = Literal["individual", "groups", "branches"]
TypeOfIds = Literal["individual", "groups", "branches", "all"]
"""What ``targetType`` takes, beside ``targetIds``."""
Settled = Literal["sent", "delivered", "unconfirmed", "failed", "skipped"]


class IdsTarget(Input):
    """Members, the members of groups, or those of the groups of branches."""

    type: Listed
    ids: Annotated[list[UUID], Field(min_length=1, max_length=MOST_TARGETS)]


class EverybodyTarget(Input):
    type: Literal["all"]


class FilterTarget(Input):
    """Of whom ``filter`` holds when it is sent: the filter of lists and exports. An empty
    one is refused."""

    type: Literal["filter"]
    filter: PeopleFilter

    @model_validator(mode="after")
    def _is_not_everybody(self) -> Self:
        self.filter.check_says_something()
        return self


class SegmentTarget(Input):
    """A saved filter, as it is when it is sent."""

    type: Literal["segment"]
    segment_id: UUID


class RecipientsTarget(Input):
    """The phones of an earlier broadcast whose text is in one of ``statuses`` when this is sent: a
    correction (``sent``, ``delivered``, ``unconfirmed``) or another try (``failed``)."""

    type: Literal["recipients_of"]
    message_id: UUID
    statuses: Annotated[list[Settled], Field(min_length=1, max_length=5)]


Target = Annotated[
    IdsTarget | EverybodyTarget | FilterTarget | SegmentTarget | RecipientsTarget,
    Field(discriminator="type"),
]


_TARGET: TypeAdapter[Target] = TypeAdapter(Target)


def kept(request: Mapping[str, object]) -> dict[str, object]:
    """A request that was kept, with its target read in full or refused with ``ValidationError``:
    read in part, as other fields of another version may be, it would mean more people."""
    target = request.get("target")
    return {**request, "target": _TARGET.validate_python(target)} if target else dict(request)


class IdsTargetOut(Schema):
    type: Listed
    ids: list[UUID]


class EverybodyTargetOut(Schema):
    type: Literal["all"] = "all"


class FilterTargetOut(Schema):
    type: Literal["filter"]
    filter: FilterOut


class SegmentTargetOut(Schema):
    """``name`` and ``filter`` are what they were when the message was made. A schedule has none of
    them: the segment of then will count."""

    type: Literal["segment"]
    segment_id: UUID
    name: Said[str] = None
    filter: Said[FilterOut] = None


class RecipientsTargetOut(Schema):
    type: Literal["recipients_of"]
    message_id: UUID
    statuses: list[Settled]


TargetOut = Annotated[
    IdsTargetOut | EverybodyTargetOut | FilterTargetOut | SegmentTargetOut | RecipientsTargetOut,
    Field(discriminator="type"),
]
