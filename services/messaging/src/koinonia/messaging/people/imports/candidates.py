"""The people that a file names: each row is checked, and the rows of one person are brought
together.

A person is a phone and a name. The same phone under another name is another person of the
household.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from functools import lru_cache
from types import MappingProxyType
from uuid import UUID

from koinonia.common import db
from koinonia.common.phone import InvalidPhone, PhoneFault, Phones
from koinonia.messaging import names, phone_endings
from koinonia.messaging.composing import custom_fields
from koinonia.messaging.people import external_ids, schemas
from koinonia.messaging.people.consent import sealed_words
from koinonia.messaging.people.imports import (
    consent_columns,
    csv_columns,
    csv_rows,
    day_cells,
    phone_cells,
    row_reasons,
)
from koinonia.messaging.people.imports.csv_columns import Wishes
from koinonia.messaging.people.imports.phone_cells import Reading
from koinonia.messaging.people.imports.row_reasons import (
    Reason,
    RowCode,
    Unusable,
    id_taken,
    same_person,
)
from koinonia.messaging.phone_endings import Endings
from koinonia.messaging.timing import quiet_hours, zone_names

LONGEST_NAME = 100
LONGEST_WORDS = 200  # of a file, in a sentence
MOST_AT_ONCE = 200  # rows; some ten milliseconds
SUFFIXES = {"jr", "sr", "ii", "iii", "iv", "md", "phd", "dds", "esq"}


class RowOutcome(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    SKIPPED = "skipped"
    FAILED = "failed"


class Answer(Enum):
    """What a column says of consent."""

    YES = "yes"
    NO = "no"
    STOP = "stop"
    UNCLEAR = "unclear"


@dataclass(slots=True)
class Line:
    """What became of one row."""

    row: int
    outcome: RowOutcome = RowOutcome.SKIPPED
    member_id: UUID | None = None
    reason: Reason | None = None
    hint: UUID | None = None  # a member of the same name with another phone
    opt_out_is_lost: bool = False  # the row wants no texts, and no phone of it can be read


@dataclass(slots=True)
class Written:
    """What a job wrote of a member, so that it can be undone. ``before`` and ``after`` have the
    columns that changed, and in ``custom`` the keys; ``before`` is None of a new member."""

    before: dict[str, object] | None
    after: dict[str, object]
    joined: list[UUID] = field(default_factory=list)  # groups
    is_linked: bool = False  # by the external id of the row


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
    endings: Endings  # of the phone
    groups: dict[str, None]  # names as written; a dict keeps their order
    consents: bool = True  # to be texted
    timezone: str | None = None  # where they live, if the file says so
    zones: str = ""  # of the phone
    fields: dict[str, str] = field(default_factory=dict)  # the church's own, by key
    external_id: str = ""  # of the system that a job names
    written: Written | None = None  # in a job
    twins: list[Line] | None = None  # an empty list each would keep the garbage collector busy
    id: UUID = field(default_factory=db.uuid7)
    is_new: bool = False  # a member was made of it


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row whose file says that the owner of its phone does not want texts."""

    phone_sealed: str
    words: str  # the file's, sealed


@dataclass(slots=True)
class Gathered:
    lines: list[Line] = field(default_factory=list)  # every row of data, as in the file
    people: list[Candidate] = field(default_factory=list)
    refusals: dict[str, Refusal] = field(default_factory=dict)  # by the index of the phone
    ignored_columns: list[str] = field(default_factory=list)


class Gathering:
    """Rows become people, a portion at a time. Slow (CPU), so it belongs in a thread."""

    def __init__(self, sheet: csv_rows.Sheet, church_id: UUID, phones: Phones) -> None:
        self._sheet, self._church_id, self._phones = sheet, church_id, phones
        self._people: dict[tuple[str, str], Candidate] = {}
        self._ids: dict[str, Candidate] = {}  # external ones
        self.found = Gathered(ignored_columns=sheet.ignored_columns)

    def take(self, most: int) -> bool:
        """Read so many rows; false at the end of the file."""
        rows = self._sheet.portion(most)
        for row in rows or ():
            self._add(row)
        return rows is not None

    def _add(self, row: csv_rows.Row) -> None:
        line = Line(row.number)
        self.found.lines.append(line)
        try:
            number, line.reason = _number(row)
        except (Unusable, InvalidPhone) as problem:
            line.outcome, line.reason = RowOutcome.FAILED, _reason(problem)
            if stops := [said for said in row.consents if _answer(said) is Answer.STOP]:
                line.opt_out_is_lost = True
                line.reason = line.reason.with_words(_not_recorded(stops[0]))
            return
        try:
            person = self._candidate(line, row, number)
        except Unusable as problem:
            line.outcome, line.reason = RowOutcome.FAILED, problem.reason
            return
        known = self._people.setdefault((person.phone_index, person.first_key), person)
        if person.external_id:
            owner = self._ids.setdefault(person.external_id, known)
            if owner is not known:
                line.outcome, line.reason = RowOutcome.FAILED, id_taken(owner.line.row)
                if known is person:
                    del self._people[person.phone_index, person.first_key]
                return
        if known is person:
            self.found.people.append(person)
        else:
            _merge(known, person)

    def _candidate(self, line: Line, row: csv_rows.Row, number: str) -> Candidate:
        index, sealed = self._phones.index(self._church_id, number), self._phones.seal(number)
        consents = self._consents(row, index, sealed)
        first_name, last_name = names_of(row)
        if not first_name and self._sheet.layout.has_names:
            raise Unusable(RowCode.NAME_EMPTY, "The first name is empty. Every member needs one.")
        return Candidate(
            line=line,
            first_name=first_name,
            last_name=last_name,
            first_key=names.key(first_name, last_name),
            last_key=names.key(last_name, first_name),
            phone_index=index,
            phone_sealed=sealed,
            email=_email(row.values.get(csv_columns.EMAIL, "")),
            groups=_groups(row),
            consents=consents,
            timezone=_timezone(row.values.get(csv_columns.TIMEZONE, "")),
            zones=quiet_hours.phone_zones(number),
            endings=phone_endings.endings(self._phones, self._church_id, number),
            fields={key: self._field(line, key, value) for key, value in row.fields.items()},
            external_id=_external_id(row.values.get(csv_columns.EXTERNAL_ID, "")),
        )

    def _field(self, line: Line, key: str, value: str) -> str:
        """A value as it is kept; a day in the order that its column has."""
        tidied = _field(key, value)
        order = self._sheet.layout.days.get(key)
        if order is None:
            return tidied
        day = day_cells.read(tidied, order)
        if day is None:
            line.reason = line.reason or row_reasons.day_unreadable(key)
        return day or tidied

    def _consents(self, row: csv_rows.Row, index: str, sealed: str) -> bool:
        """Whether the row grants consent. One that takes it back counts even when the row fails for
        another reason afterwards."""
        answers = [_answer(said) for said in row.consents]
        for said, answer in zip(row.consents, answers, strict=True):
            if answer is Answer.STOP:
                words = sealed_words.sealed(self._phones, f"{said.head}: {said.value}"[:500])
                self.found.refusals.setdefault(index, Refusal(sealed, words))
        if Answer.UNCLEAR in answers:
            raise Unusable(
                RowCode.CONSENT_UNCLEAR,
                "The consent is neither yes nor no. Write one of them, or leave it empty.",
            )
        return all(answer is Answer.YES for answer in answers)


def gather(
    data: bytes,
    church_id: UUID,
    phones: Phones,
    own: Mapping[str, str] = MappingProxyType({}),
    wishes: Wishes | None = None,
    *,
    grants: bool = True,
) -> Gathered:
    """Reads a whole file at once; see ``Gathering``."""
    sheet = csv_rows.opened(data, own, wishes)
    gathering = Gathering(sheet, church_id, phones)
    while gathering.take(MOST_AT_ONCE):
        pass
    if grants:
        sheet.check_consent()
    return gathering.found


def settle(people: Sequence[Candidate]) -> None:
    """Give every row of a person the id of the same member, once ids are known."""
    for person in people:
        if person.line.outcome is RowOutcome.FAILED:
            continue
        for line in (person.line, *(person.twins or ())):
            line.member_id = person.id


def _number(row: csv_rows.Row) -> Reading:
    """The first phone of the row that can be read; else what is wrong with the first."""
    if row.surplus:  # its cells may stand under other heads than their own
        raise Unusable(
            RowCode.SURPLUS_CELLS,
            "The row has more fields than the header. Put text with commas in quotes.",
        )
    wrong: Unusable | InvalidPhone | None = None
    for cell in row.phones or ("",):
        try:
            return phone_cells.read(cell)
        except (Unusable, InvalidPhone) as problem:
            wrong = wrong or problem
    raise wrong or InvalidPhone(PhoneFault.EMPTY, "The phone number is empty.")


def _reason(problem: Unusable | InvalidPhone) -> Reason:
    return problem.reason if isinstance(problem, Unusable) else Reason.of_phone(problem)


def _not_recorded(said: csv_rows.Said) -> str:
    words = f"{said.head}: {said.value}"[:LONGEST_WORDS]
    return (
        f" It also says that this person wants no texts ({words}), which could not be recorded "
        "without a phone: correct the row and import it again, or record it with their number."
    )


def _answer(said: csv_rows.Said) -> Answer:
    if said.target == csv_columns.OPT_OUT:
        return Answer.STOP if consent_columns.opts_out(said.value) else Answer.YES
    if consent_columns.says_stop(said.value):
        return Answer.STOP
    if not said.value:  # our own column may be left empty
        return Answer.YES if said.target == csv_columns.CONSENT else Answer.NO
    match consent_columns.agrees(said.value):
        case None:
            return Answer.UNCLEAR
        case agreed:
            return Answer.YES if agreed else Answer.NO


def names_of(row: csv_rows.Row) -> tuple[str, str]:
    """First and last name; a whole name is taken apart where the row has no other."""
    first = names.tidy(row.values.get(csv_columns.FIRST_NAME, ""))
    last = names.tidy(row.values.get(csv_columns.LAST_NAME, ""))
    if not first and (whole := names.tidy(row.values.get(csv_columns.FULL_NAME, ""))):
        first, last = _parted(whole, last)
    for name, called in ((first, "first name"), (last, "last name")):
        if len(name) > LONGEST_NAME:
            raise Unusable(
                RowCode.NAME_TOO_LONG,
                f"The {called} is longer than {LONGEST_NAME} letters. Shorten it.",
                most=str(LONGEST_NAME),
            )
    return first, last


def _parted(whole: str, last: str) -> tuple[str, str]:
    """ "Ada Lovelace", and "Lovelace, Ada" as lists for printing have it."""
    before, comma, after = (part.strip() for part in whole.partition(","))
    if comma and before and after and after.casefold().strip(".") not in SUFFIXES:
        return after, last or before
    first, _, rest = whole.partition(" ")
    return first, last or rest


def _field(key: str, value: str) -> str:
    if len(tidied := names.tidy(value)) > custom_fields.LONGEST_VALUE:
        raise Unusable(
            RowCode.FIELD_TOO_LONG,
            f"{key} is longer than {custom_fields.LONGEST_VALUE} letters. Shorten it.",
            field=key,
            most=str(custom_fields.LONGEST_VALUE),
        )
    return tidied


def _email(text: str) -> str | None:
    try:
        return schemas.email(text) if text else None
    except ValueError as problem:
        raise Unusable(RowCode.EMAIL_INVALID, str(problem)) from None


def _external_id(text: str) -> str:
    if text and not external_ids.ID.fullmatch(text):
        raise Unusable(
            RowCode.EXTERNAL_ID_INVALID,
            "The external id is not one. It has up to 100 letters, digits and signs like "
            "- . _ : @.",
        )
    return text


def _timezone(text: str) -> str | None:
    try:
        return zone_names.place(text) if text else None
    except ValueError as problem:
        raise Unusable(RowCode.TIMEZONE_UNKNOWN, str(problem)) from None


def _groups(row: csv_rows.Row) -> dict[str, None]:
    values = row.values
    named = _named(values.get(csv_columns.GROUPS, ""), values.get(csv_columns.BRANCH, ""))
    return dict.fromkeys(named)


@lru_cache(maxsize=1024)  # a file has few groups and many rows
def _named(text: str, branch: str) -> tuple[str, ...]:
    branch = names.tidy(branch.replace("/", " "))
    named = dict.fromkeys(filter(None, map(names.tidy, text.replace("|", ";").split(";"))))
    if branch:
        named = {each if "/" in each else f"{branch}/{each}": None for each in named}
    for each in named:
        if any(len(part) > LONGEST_NAME for part in each.split("/", 1)):
            raise Unusable(
                RowCode.GROUP_NAME_TOO_LONG,
                f"A group's name is longer than {LONGEST_NAME} letters. Shorten it.",
                most=str(LONGEST_NAME),
            )
    return tuple(named)


def _merge(known: Candidate, twin: Candidate) -> None:
    known.twins = known.twins or []
    known.twins.append(twin.line)
    twin.line.reason = same_person(known.line.row)
    known.groups |= twin.groups
    known.fields = twin.fields | known.fields
    known.consents = known.consents and twin.consents
    known.email = known.email or twin.email
    known.external_id = known.external_id or twin.external_id
    known.timezone = known.timezone or twin.timezone
