"""Requests about many members at once."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import ConfigDict, Field, model_validator

from koinonia.common.schema import Input, Omittable, Schema
from koinonia.common.schema.rules import none_of, refused
from koinonia.messaging.people.filters.people_filter import PeopleFilter

MOST_MEMBERS = 5_000
MOST_GROUPS = 20

Groups = Annotated[list[UUID], Field(max_length=MOST_GROUPS)]


class ManyMembers(Input):
    member_ids: Annotated[list[UUID], Field(min_length=1, max_length=MOST_MEMBERS)]


class GroupsOfMany(ManyMembers):
    """The groups to ``join`` and to ``leave``."""

    model_config = ConfigDict(json_schema_extra=refused(none_of("join", "leave")))

    join: Groups = Field(default_factory=list)
    leave: Groups = Field(default_factory=list)

    @model_validator(mode="after")
    def _says_which(self) -> Self:
        if not (self.join or self.leave):
            raise ValueError("Say which groups to join or to leave.")
        return self


class GroupsOfFilter(Input):
    """The groups to ``join`` and to ``leave``, for everybody whom ``filter`` means. ``cursor`` is
    the ``nextCursor`` of the request before; the same one again changes nothing twice."""

    model_config = ConfigDict(json_schema_extra=refused(none_of("join", "leave")))

    filter: PeopleFilter
    join: Groups = Field(default_factory=list)
    leave: Groups = Field(default_factory=list)
    cursor: Omittable[UUID] = None

    @model_validator(mode="after")
    def _says_which(self) -> Self:
        if not (self.join or self.leave):
            raise ValueError("Say which groups to join or to leave.")
        return self


class MoveOfMany(ManyMembers):
    """``groupId``, of the other branch, is for those whose group has none of its name there."""

    from_branch_id: UUID
    to_branch_id: UUID
    group_id: Omittable[UUID] = None


class ManyOut(Schema):
    """``notFound``: the ids that are of no member; the others were changed or needed no change."""

    changed: int
    unchanged: int
    not_found: list[UUID]


class FilteredOut(Schema):
    """Of up to 5,000 people; there may be more until ``nextCursor`` is null."""

    changed: int
    unchanged: int
    next_cursor: UUID | None
