"""A filter of people as it is shown: what staff said and nothing else, to be sent again as it
is."""

from datetime import date, datetime
from typing import Annotated, Literal, TypeVar
from uuid import UUID

from pydantic import Field

from koinonia.common.schema import Omittable, Schema
from koinonia.messaging.people.consent.entries import ConsentState

Value = TypeVar("Value")


def _is_unsaid(value: object) -> bool:
    return value is None


def _without_default(shown: dict[str, object]) -> None:
    del shown["default"]


Said = Annotated[Omittable[Value], Field(exclude_if=_is_unsaid, json_schema_extra=_without_default)]
"""Not shown where staff did not say it."""


class GroupsFilterOut(Schema):
    any_of: Said[list[UUID]] = None
    all_of: Said[list[UUID]] = None
    none_of: Said[list[UUID]] = None


class FieldFilterOut(Schema):
    field: str
    any_of: Said[list[str]] = None
    none_of: Said[list[str]] = None
    contains: Said[str] = None
    is_set: Said[bool] = None


class DateFilterOut(Schema):
    field: str
    months: Said[list[int]] = None
    days_from: Said[str] = None
    days_to: Said[str] = None
    next_days: Said[int] = None
    since: Said[date] = None
    until: Said[date] = None


class HeardFilterOut(Schema):
    since: Said[datetime] = None
    before: Said[datetime] = None
    within_days: Said[int] = None
    not_within_days: Said[int] = None
    never: Said[bool] = None


class FilterOut(Schema):
    """A filter as it was given; what was not given is not there."""

    search: Said[str] = None
    consent: Said[list[ConsentState]] = None
    groups: Said[GroupsFilterOut] = None
    branch_ids: Said[list[UUID]] = None
    fields: Said[list[FieldFilterOut]] = None
    dates: Said[list[DateFilterOut]] = None
    stop_question: Said[Literal["open"]] = None
    joined_since: Said[datetime] = None
    joined_before: Said[datetime] = None
    joined_within_days: Said[int] = None
    last_heard_from: Said[HeardFilterOut] = None
    updated_since: Said[datetime] = None
