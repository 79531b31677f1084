"""A filter of people, as clients state it: lists, exports and audiences take the same one.

A list that is given is not empty: a client that sends ``anyOf: []`` for what nobody chose would
mean everybody.
"""

from datetime import date
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from koinonia.common.schema import Input, Omittable
from koinonia.common.schema.rules import none_of, one_alone, refused
from koinonia.messaging import names
from koinonia.messaging.composing import custom_fields, text_fields
from koinonia.messaging.people.consent.entries import ConsentState

MOST_IDS = 100
MOST_CONDITIONS = 10
MOST_VALUES = 50
MOST_DAYS = 3660  # ten years


def _day(text: str) -> str:
    """A month and a day, with a leap day; ``ValueError`` for one that no year has."""
    try:
        date.fromisoformat(f"2000-{text}")
    except ValueError:
        raise ValueError("Write a month and a day that there are, like 04-30.") from None
    return text


Ids = Annotated[list[UUID], Field(min_length=1, max_length=MOST_IDS)]
Key = Annotated[str, StringConstraints(pattern=f"^{text_fields.KEY.pattern}$")]
Value = Annotated[
    str, AfterValidator(names.tidy), StringConstraints(max_length=custom_fields.LONGEST_VALUE)
]
Values = Annotated[list[Value], Field(min_length=1, max_length=MOST_VALUES)]
Months = Annotated[list[Annotated[int, Field(ge=1, le=12)]], Field(min_length=1, max_length=12)]
Days = Annotated[int, Field(ge=1, le=MOST_DAYS)]
MonthDay = Annotated[str, StringConstraints(pattern=r"^\d\d-\d\d$"), AfterValidator(_day)]


class GroupsFilter(Input):
    """In one of ``anyOf`` at least, in each of ``allOf``, in none of ``noneOf``."""

    any_of: Omittable[Ids] = None
    all_of: Omittable[Ids] = None
    none_of: Omittable[Ids] = None


class FieldFilter(Input):
    """A field of the church's own, by key. Small and capital letters are the same; who has no value
    has none of ``noneOf`` either."""

    model_config = ConfigDict(
        json_schema_extra=refused(none_of("anyOf", "noneOf", "contains", "isSet"))
    )

    field: Key
    any_of: Omittable[Values] = None
    none_of: Omittable[Values] = None
    contains: Omittable[Annotated[Value, StringConstraints(min_length=1)]] = None
    is_set: Omittable[bool] = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.any_of or self.none_of or self.contains) and self.is_set is None:
            raise ValueError("Say what of the field: anyOf, noneOf, contains or isSet.")
        return self


class DateFilter(Input):
    """A field of the church's own that holds a date: ``1980-04-05``, ``4/5/1980``, ``4/5`` or
    ``--04-05``; whoever has another value, or none, is not meant.

    ``months``: 1 is January. ``daysFrom`` and ``daysTo`` (``12-24``) are days of any year, and may
    go over its end. ``nextDays``: the day comes round within so many days from today in the
    church's time zone; 0 is today. ``since`` and ``until`` are whole dates, both included.
    """

    model_config = ConfigDict(json_schema_extra=refused(one_alone("daysFrom", "daysTo")))

    field: Key
    months: Omittable[Months] = None
    days_from: Omittable[MonthDay] = None
    days_to: Omittable[MonthDay] = None
    next_days: Omittable[Annotated[int, Field(ge=0, le=366)]] = None
    since: Omittable[date] = None
    until: Omittable[date] = None

    @model_validator(mode="after")
    def _days_have_two_ends(self) -> Self:
        if (self.days_from is None) != (self.days_to is None):
            raise ValueError("Give daysFrom and daysTo together.")
        return self


class HeardFilter(Input):
    """When their phone last texted the church; a household shares it. All that is given must hold.

    ``since`` is included, ``before`` is not. ``withinDays``: in so many days until now;
    ``notWithinDays``: longer ago, or never. ``never``: no text ever came, or (false) one did; true
    stands alone. At least one of them is given.
    """

    since: Omittable[AwareDatetime] = None
    before: Omittable[AwareDatetime] = None
    within_days: Omittable[Days] = None
    not_within_days: Omittable[Days] = None
    never: Omittable[bool] = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        times = (self.since, self.before, self.within_days, self.not_within_days)
        is_timed = any(each is not None for each in times)
        if not is_timed and self.never is None:
            raise ValueError("Say when: since, before, withinDays, notWithinDays or never.")
        if is_timed and self.never:
            raise ValueError(
                "Who never texted you has no time of a last text. Ask for "
                "those alone, or for a time."
            )
        return self


class PeopleFilter(Input):
    """Members of whom all of this holds; an empty filter is everybody.

    ``search``: the beginning of a name, a phone, or its last 4 or 7 digits. ``branchIds``: in a
    group of one of these branches. ``stopQuestion``: a text of their phone may ask to stop, and
    nobody settled it. ``joinedSince`` and ``updatedSince`` are included,
    ``joinedBefore`` is not; ``joinedWithinDays`` is in so many days until now.
    """

    search: Omittable[Annotated[str, Field(max_length=100)]] = None
    consent: Omittable[Annotated[list[ConsentState], Field(min_length=1, max_length=3)]] = None
    groups: Omittable[GroupsFilter] = None
    branch_ids: Omittable[Ids] = None
    fields: Omittable[
        Annotated[list[FieldFilter], Field(min_length=1, max_length=MOST_CONDITIONS)]
    ] = None
    dates: Omittable[
        Annotated[list[DateFilter], Field(min_length=1, max_length=MOST_CONDITIONS)]
    ] = None
    stop_question: Omittable[Literal["open"]] = None
    joined_since: Omittable[AwareDatetime] = None
    joined_before: Omittable[AwareDatetime] = None
    joined_within_days: Omittable[Days] = None
    last_heard_from: Omittable[HeardFilter] = None
    updated_since: Omittable[AwareDatetime] = None

    def check_says_something(self) -> None:
        """Raises ``ValueError`` where everybody is meant: of those who are texted that is said in
        words."""
        said = self.model_dump(exclude_none=True)
        if not names.key(self.search or ""):
            said.pop("search", None)
        if not said.get("groups"):
            said.pop("groups", None)
        if not said:
            raise ValueError(
                "An empty filter is everybody. Give at least one condition; a text to "
                "everybody has a target of the type all."
            )

    @property
    def joined_groups(self) -> list[UUID]:
        """The groups in which it says that somebody is."""
        return [*(self.groups.any_of or ()), *(self.groups.all_of or ())] if self.groups else []

    @property
    def group_ids(self) -> set[UUID]:
        """Every group that it names."""
        left = self.groups.none_of if self.groups else None
        return {*self.joined_groups, *(left or ())}

    @property
    def keys(self) -> set[str]:
        """Every field that it names."""
        return {each.field for each in (*(self.fields or ()), *(self.dates or ()))}
