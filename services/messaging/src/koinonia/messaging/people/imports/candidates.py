"""The people that a file names: each row is checked, and the rows of one person are brought
together.

A person is a phone and a name. The same phone under another name is another person of the
household.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from koinonia.common import db
from koinonia.common.phone import InvalidPhone, Phones
from koinonia.messaging import names
from koinonia.messaging.composing import custom_fields
from koinonia.messaging.people import schemas
from koinonia.messaging.people.imports import csv_rows, us_numbers
from koinonia.messaging.timing import quiet_hours, zone_names

LONGEST_NAME = 100
YES = {"", "yes", "y", "true", "1", "x", "granted"}
NO = {"no", "n", "false", "0", "none", "revoked"}


class Outcome(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    SKIPPED = "skipped"
    FAILED = "failed"


class Unusable(ValueError):
    """A row that cannot become a member; the text says why and what to do."""


@dataclass(slots=True)
class Line:
    """What became of one row."""

    row: int
    outcome: Outcome = Outcome.SKIPPED
    member_id: UUID | None = None
    reason: str | None = None


@dataclass(slots=True)
class Candidate:
    """One person, from one or more rows; the first row has the outcome."""

    line: Line
    first_name: str
    last_name: str
    first_key: str
    last_key: str
    phone_index: str
    phone_sealed: str
    email: str | None
    groups: dict[str, None]  # names as written; a dict keeps their order
    consents: bool = True  # to be texted
    timezone: str | None = None  # where they live, if the file says so
    zones: str = ""  # of the phone
    fields: dict[str, str] = field(default_factory=dict)  # the church's own, by key
    twins: list[Line] = field(default_factory=list)
    id: UUID = field(default_factory=db.uuid7)


@dataclass(frozen=True, slots=True)
class Gathered:
    lines: list[Line]  # every row of data, in the order of the file
    people: list[Candidate]


def gather(
    data: bytes, church_id: UUID, phones: Phones, own: Mapping[str, str] = MappingProxyType({})
) -> Gathered:
    """Reads a whole file; ``own`` are the columns of the church's own fields. Pure and slow (CPU),
    so it belongs in a thread."""
    lines: list[Line] = []
    people: dict[tuple[str, str], Candidate] = {}
    for row in csv_rows.rows(data, own):
        line = Line(row.number)
        lines.append(line)
        try:
            person = _candidate(line, row, church_id, phones)
        except (Unusable, InvalidPhone) as problem:
            line.outcome, line.reason = Outcome.FAILED, str(problem)
            continue
        known = people.setdefault((person.phone_index, person.first_key), person)
        if known is not person:
            _merge(known, person)
    return Gathered(lines, list(people.values()))


def settle(people: Sequence[Candidate]) -> None:
    """Give every row of a person the id of the same member, once ids are known."""
    for person in people:
        if person.line.outcome is Outcome.FAILED:
            continue
        for line in (person.line, *person.twins):
            line.member_id = person.id


def _candidate(line: Line, row: csv_rows.Row, church_id: UUID, phones: Phones) -> Candidate:
    if row.surplus:
        raise Unusable("The row has more fields than the header. Put text with commas in quotes.")
    number = us_numbers.e164(row.values.get("phone", ""))
    first_name = _name(row, "firstname", "first name")
    last_name = _name(row, "lastname", "last name")
    if not first_name:
        raise Unusable("The first name is empty. Every member needs one.")
    return Candidate(
        line=line,
        first_name=first_name,
        last_name=last_name,
        first_key=names.key(first_name, last_name),
        last_key=names.key(last_name, first_name),
        phone_index=phones.index(church_id, number),
        phone_sealed=phones.seal(number),
        email=_email(row.values.get("email", "")),
        groups=_groups(row.values.get("groups", "")),
        consents=_consents(row.values.get("consent", "")),
        timezone=_timezone(row.values.get("timezone", "")),
        zones=quiet_hours.phone_zones(number),
        fields={key: _field(key, value) for key, value in row.fields.items()},
    )


def _name(row: csv_rows.Row, column: str, called: str) -> str:
    name = names.tidy(row.values.get(column, ""))
    if len(name) > LONGEST_NAME:
        raise Unusable(f"The {called} is longer than {LONGEST_NAME} letters. Shorten it.")
    return name


def _field(key: str, value: str) -> str:
    if len(tidied := names.tidy(value)) > custom_fields.LONGEST_VALUE:
        raise Unusable(f"{key} is longer than {custom_fields.LONGEST_VALUE} letters. Shorten it.")
    return tidied


def _email(text: str) -> str | None:
    try:
        return schemas.email(text) if text else None
    except ValueError as problem:
        raise Unusable(str(problem)) from None


def _timezone(text: str) -> str | None:
    try:
        return zone_names.place(text) if text else None
    except ValueError as problem:
        raise Unusable(str(problem)) from None


def _consents(text: str) -> bool:
    if text.casefold() in NO:
        return False
    if text.casefold() in YES:
        return True
    raise Unusable("The consent is neither yes nor no. Write one of them, or leave it empty.")


def _groups(text: str) -> dict[str, None]:
    named = dict.fromkeys(filter(None, map(names.tidy, text.replace("|", ";").split(";"))))
    for each in named:
        if any(len(part) > LONGEST_NAME for part in each.split("/", 1)):
            raise Unusable(f"A group's name is longer than {LONGEST_NAME} letters. Shorten it.")
    return named


def _merge(known: Candidate, twin: Candidate) -> None:
    known.twins.append(twin.line)
    twin.line.reason = f"The same person as row {known.line.row}; the groups are put together."
    known.groups |= twin.groups
    known.fields = twin.fields | known.fields
    known.consents = known.consents and twin.consents
    known.email = known.email or twin.email
    known.timezone = known.timezone or twin.timezone
