"""A filter of people in the query of an address, in shorter forms than the filter itself."""

import re
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, ValidationError

from koinonia.common import errors
from koinonia.common.schema import Instant, Schema
from koinonia.common.web import sentences
from koinonia.messaging.people.consent.entries import ConsentState
from koinonia.messaging.people.filters.people_filter import MOST_IDS, Days, PeopleFilter

ANY_VALUE = "*"
_DATES = (
    ("months", re.compile(r"(?P<months>\d\d)", flags=re.ASCII)),
    ("next", re.compile(r"next(?P<nextDays>\d{1,3})", flags=re.ASCII)),
    ("days", re.compile(r"(?P<daysFrom>\d\d-\d\d)\.\.(?P<daysTo>\d\d-\d\d)", flags=re.ASCII)),
    (
        "dates",
        re.compile(r"(?P<since>\d{4}-\d\d-\d\d)?\.\.(?P<until>\d{4}-\d\d-\d\d)?", flags=re.ASCII),
    ),
)

Ids = Annotated[list[UUID], Field(max_length=MOST_IDS)]


class UnreadFilter(Schema):
    """The parameter that cannot be read, as it was sent."""

    field: str | None = None
    date: str | None = None


class BadFilter(errors.Invalid):
    code = "BAD_FILTER"
    details_type = UnreadFilter | None
    message = "The filter cannot be read."

    @classmethod
    def in_field(cls, text: str) -> Self:
        return cls(
            f"field={text[:60]} cannot be read. Write field=key:value, field=key: for those who "
            "have no value, or field=key:* for those who have any; GET /api/fields lists the keys.",
            details={"field": text},
        )

    @classmethod
    def in_date(cls, text: str) -> Self:
        return cls(
            f"date={text[:60]} cannot be read. Write date=key:04 for a month, "
            "date=key:04-01..04-07 for days of any year, date=key:1990-01-01..1999-12-31 for whole "
            "dates or date=key:next7 for the coming days; GET /api/fields lists the keys.",
            details={"date": text},
        )


class PeopleQuery(Schema):
    """Whom to list; all that is given must hold."""

    search: str = Field(
        "", max_length=100, description="A name's beginning, a phone, or its last 4 or 7 digits"
    )
    consent: list[ConsentState] = Field(
        default_factory=list, max_length=3, description="one of these; revoked is opted out"
    )
    opted_out: bool | None = None
    group_id: UUID | None = None
    groups_any_of: Ids = Field(default_factory=list, description="in one of these at least")
    groups_all_of: Ids = Field(default_factory=list, description="in each of these")
    groups_none_of: Ids = Field(default_factory=list, description="in none of these")
    branch_id: Ids = Field(default_factory=list, description="in a group of one of these")
    field: list[Annotated[str, Field(max_length=300)]] = Field(
        default_factory=list,
        max_length=50,
        description="of the church's own: key:value, key: for no value, key:* for any value; "
        "several of one key mean either",
        examples=[["smallGroup:Tuesday"]],
    )
    date: list[Annotated[str, Field(max_length=100)]] = Field(
        default_factory=list,
        max_length=10,
        description="a field of the church's own that holds a date: key:04 (a month), "
        "key:04-01..04-07 (days of any year, which may go over its end), "
        "key:1990-01-01..1999-12-31 (one end may be left out), key:next7 (within seven days)",
        examples=[["birthday:04"]],
    )
    stop_question: Literal["open"] | None = Field(
        None, description="Only those whose text may ask to stop: broadcasts to their phone wait"
    )
    joined_since: Instant | None = None
    joined_before: Instant | None = None
    joined_within_days: Days | None = Field(None, description="in so many days until now")
    heard_since: Instant | None = Field(None, description="their phone texted the church since")
    heard_before: Instant | None = Field(
        None, description="their phone texted the church, the last time before"
    )
    heard_within_days: Days | None = Field(
        None, description="their phone texted the church in so many days until now"
    )
    not_heard_within_days: Days | None = Field(None, description="longer ago, or never")
    never_heard: bool | None = Field(None, description="no text of their phone ever came")
    updated_since: Instant | None = Field(
        None, description="anything shown of them changed; GET /api/members/changes has removals"
    )

    def wanted(self) -> PeopleFilter:
        """The filter; raises ``BadFilter``."""
        groups = {
            "anyOf": self.groups_any_of,
            "allOf": [*self.groups_all_of, *([self.group_id] if self.group_id else [])],
            "noneOf": self.groups_none_of,
        }
        said: dict[str, object] = {
            "search": self.search,
            "consent": self._consent(),
            "groups": {name: ids for name, ids in groups.items() if ids},
            "branchIds": self.branch_id,
            "fields": _fields(self.field),
            "dates": [_date(each) for each in self.date],
            "stopQuestion": self.stop_question,
            "joinedSince": self.joined_since,
            "joinedBefore": self.joined_before,
            "joinedWithinDays": self.joined_within_days,
            "lastHeardFrom": self._heard(),
            "updatedSince": self.updated_since,
        }
        try:
            return PeopleFilter.model_validate({name: each for name, each in said.items() if each})
        except ValidationError as wrong:
            [first, *_] = wrong.errors()
            why = sentences.sentence(first)
            raise BadFilter(f"The filter cannot be read. {why}") from None

    def _heard(self) -> dict[str, object]:
        said = {
            "since": self.heard_since,
            "before": self.heard_before,
            "withinDays": self.heard_within_days,
            "notWithinDays": self.not_heard_within_days,
            "never": self.never_heard,
        }
        return {name: each for name, each in said.items() if each is not None}

    def _consent(self) -> list[ConsentState]:
        if self.opted_out is None:
            return self.consent
        revoked = {ConsentState.REVOKED}
        out = revoked if self.opted_out else set(ConsentState) - revoked
        both = out & set(self.consent or ConsentState)
        if not both:
            raise BadFilter("consent and optedOut contradict each other. Give one of them.")
        return sorted(both)


def _fields(given: list[str]) -> list[dict[str, object]]:
    """One filter for each key: the values of ``anyOf``, or whether it has one."""
    filters: dict[str, dict[str, object]] = {}
    values: dict[str, list[str]] = {}
    for text in given:
        key, colon, value = text.partition(":")
        if not key or not colon:
            raise BadFilter.in_field(text)
        wanted = filters.setdefault(key, {"field": key})
        if value in ("", ANY_VALUE):
            if len(wanted) > 1:
                raise BadFilter.in_field(text)
            wanted["isSet"] = value == ANY_VALUE
        else:
            if "isSet" in wanted:
                raise BadFilter.in_field(text)
            values.setdefault(key, []).append(value)
            wanted["anyOf"] = values[key]
    return list(filters.values())


def _date(text: str) -> dict[str, object]:
    key, _, said = text.partition(":")
    for kind, pattern in _DATES:
        found = pattern.fullmatch(said)
        if key and found:
            parts: dict[str, object] = {
                name: value for name, value in found.groupdict().items() if value
            }
            if kind == "months":
                return {"field": key, "months": [int(said)]}
            if kind == "next":
                return {"field": key, "nextDays": int(found["nextDays"])}
            if parts:
                return {"field": key, **parts}
    raise BadFilter.in_date(text)
