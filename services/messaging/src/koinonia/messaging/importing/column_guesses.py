"""What each column of a file probably is, from its head and from what is in it.

Heads are compared as everywhere (``csv_columns``), in English and Spanish. Where a head says
nothing, the contents do: a column of phones, of email addresses or of days.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from koinonia.common import visible_text
from koinonia.common.phone import InvalidPhone
from koinonia.messaging.composing import custom_fields
from koinonia.messaging.importing.mappings import ImportTarget as Target
from koinonia.messaging.people.imports import csv_columns, phone_cells, us_numbers
from koinonia.messaging.people.imports.consent_columns import Suspicion
from koinonia.messaging.people.schemas import EMAIL

LOOKED_AT = 200  # cells of a column
MOSTLY = 0.8
_DAY = re.compile(
    r"(?:\d{4}-\d{1,2}-\d{1,2}|--\d{2}-\d{2}|\d{1,2}/\d{1,2}(?:/\d{2,4})?)(?:[ T]00:00(?::00)?)?"
)
_BIRTHDAYS = frozenset(
    [
        *("birthday", "birthdate", "dateofbirth", "dob", "bday", "born"),
        *("cumpleanos", "nacimiento", "fechadenacimiento", "fechanacimiento", "fnacimiento"),
    ]
)
_EXTERNAL = frozenset(
    [
        *("id", "externalid", "personid", "memberid", "memberno", "membernumber", "recordid"),
        *("individualid", "contactid", "uid", "iddemiembro", "numerodemiembro"),
    ]
)


class ColumnContent(StrEnum):
    """What is in a column, for the most part."""

    PHONE = "phone"
    EMAIL = "email"
    DATE = "date"
    TEXT = "text"
    EMPTY = "empty"


@dataclass(slots=True)
class Column:
    """A column while its file is read. ``looks_like`` is said of what is in it."""

    head: str
    cells: list[str] = field(default_factory=list)
    filled: int = 0
    suspicion: Suspicion = field(init=False)

    def __post_init__(self) -> None:
        self.suspicion = Suspicion(self.head)

    def see(self, cell: str) -> None:
        self.suspicion.see(cell)
        if cell:
            self.filled += 1
            if len(self.cells) < LOOKED_AT:
                self.cells.append(cell)

    @property
    def looks_like(self) -> ColumnContent:
        if not self.cells:
            return ColumnContent.EMPTY
        for content, fits in _FITS.items():
            if sum(map(fits, self.cells)) >= MOSTLY * len(self.cells):
                return content
        return ColumnContent.TEXT


@dataclass(frozen=True, slots=True)
class Guess:
    """None: staff have to say what the column is."""

    target: Target | None
    field: str | None = None  # the key of an own field


def guesses(columns: Sequence[Column], own: Mapping[str, str]) -> list[Guess]:
    """``own`` are the columns of the church's own fields (``custom_fields.columns``)."""
    found = [_by_head(each, own) for each in columns]
    taken = {(guess.target, guess.field) for guess in found}
    for wanted, target in (
        (ColumnContent.PHONE, Target.PHONE),
        (ColumnContent.EMAIL, Target.EMAIL),
    ):
        if (target, None) in taken:
            continue
        for place, each in enumerate(columns):
            if found[place].target is Target.LEFT_OUT and each.looks_like is wanted:
                found[place] = Guess(target)
                break
    return list(_once(_named(found)))


def _named(found: Sequence[Guess]) -> list[Guess]:
    """ "Nombre" beside "Apellido" is a first name, and alone it is a whole one."""
    whole, first, last = map(Guess, (Target.FULL_NAME, Target.FIRST_NAME, Target.LAST_NAME))
    is_first = last in found and first not in found
    return [first if each == whole and is_first else each for each in found]


def _by_head(column: Column, own: Mapping[str, str]) -> Guess:
    spelt = custom_fields.column(column.head)
    if key := own.get(spelt):
        return Guess(Target.FIELD, key)
    target, _ = csv_columns.meaning(column.head, own)
    if target in csv_columns.ABOUT_CONSENT or column.suspicion.is_raised:
        return Guess(None)  # nobody but staff can say what it means
    if target:
        return Guess(Target(target))
    words = "".join(csv_columns.words(column.head))
    if words in _BIRTHDAYS:
        return Guess(Target.FIELD, own["birthday"]) if "birthday" in own else Guess(Target.BIRTHDAY)
    if words in _EXTERNAL:
        return Guess(Target.EXTERNAL_ID)
    return Guess(Target.LEFT_OUT)


def _once(found: Sequence[Guess]) -> Iterator[Guess]:
    """Of two columns that seem to be the same the first counts; several phones are all right, as
    the best one of a row is taken."""
    seen: set[Guess] = set()
    for guess in found:
        several = guess.target in (None, Target.LEFT_OUT, Target.PHONE, Target.EMAIL)
        yield Guess(Target.LEFT_OUT) if guess in seen and not several else guess
        seen.add(guess)


def _is_phone(cell: str) -> bool:
    bare = phone_cells.bare(cell)
    if sum(letter.isdigit() for letter in bare) < 10:
        return False
    try:
        us_numbers.e164(bare)
    except InvalidPhone:
        return False
    return True


def _is_email(cell: str) -> bool:
    return bool(EMAIL.fullmatch(cell))


def _is_day(cell: str) -> bool:
    return bool(_DAY.fullmatch(visible_text.line(cell)))


_FITS = {
    ColumnContent.PHONE: _is_phone,
    ColumnContent.EMAIL: _is_email,
    ColumnContent.DATE: _is_day,
}
