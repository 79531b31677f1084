"""Segments as clients see and send them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, JsonValue

from koinonia.common.schema import Change, Input, Omittable, Schema
from koinonia.messaging.names import Name
from koinonia.messaging.people.filters.people_filter import PeopleFilter
from koinonia.messaging.people.filters.shown_filter import FilterOut


def _something(wanted: PeopleFilter) -> PeopleFilter:
    wanted.check_says_something()
    return wanted


SavedFilter = Annotated[PeopleFilter, AfterValidator(_something)]


_NEW: dict[str, JsonValue] = {"name": "New here", "filter": {"joinedWithinDays": 30}}


class SegmentIn(Input):
    model_config = ConfigDict(json_schema_extra={"examples": [_NEW]})

    name: Name
    filter: SavedFilter


class SegmentChange(Change):
    model_config = ConfigDict(json_schema_extra={"examples": [_NEW]})

    name: Omittable[Name] = None
    filter: Omittable[SavedFilter] = None


class MissingOut(Schema):
    """What the filter names and the church no longer has. Nobody is sent to a segment that misses
    anything."""

    groups: list[UUID]
    branches: list[UUID]
    fields: list[str]


class SegmentOut(Schema):
    """A saved filter. ``missing`` is null of one that can be used."""

    id: UUID
    name: str
    filter: FilterOut
    missing: MissingOut | None
    created_at: datetime
    updated_at: datetime


class CountedSegment(SegmentOut):
    """``memberCount``: of whom it holds now, up to 250,000, whether they may be texted or not;
    null while it misses something."""

    member_count: int | None
