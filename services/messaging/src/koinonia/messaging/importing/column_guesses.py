"""What each column of a file probably is, from its head and from what is in it.

Heads are compared as everywhere (``csv_columns``), in English, Spanish and German. Where a head
says nothing, the contents do: a column of phones, of email addresses or of days. Of two columns
that seem to be the same the better filled one counts, then the better head, then the first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from koinonia.common.phone import InvalidPhone
from koinonia.messaging.composing import custom_fields
from koinonia.messaging.importing import guess_words
from koinonia.messaging.importing.mappings import ImportTarget as Target
from koinonia.messaging.people.imports import csv_columns, day_cells, phone_cells
from koinonia.messaging.people.imports.consent_columns import Suspicion
from koinonia.messaging.people.imports.day_cells import DayTally
from koinonia.messaging.people.imports.row_reasons import Unusable
from koinonia.messaging.people.schemas import EMAIL

LOOKED_AT = 200  # cells of a column
MOSTLY = 0.8
DIGITS_OF_A_PHONE = 7


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
    days: DayTally = field(default_factory=DayTally)
    has_days: bool = False
    suspicion: Suspicion = field(init=False)

    def __post_init__(self) -> None:
        self.suspicion = Suspicion(self.head)

    def see(self, cell: str) -> None:
        self.suspicion.see(cell)
        if cell:
            self.filled += 1
            if len(self.cells) < LOOKED_AT:
                self.cells.append(cell)
                if len(self.cells) == LOOKED_AT:
                    self.end()
            elif self.has_days:
                self.days.see(cell)

    def end(self) -> None:
        """Enough is seen to know whether it holds days, or there is no more."""
        if not self.has_days and self.looks_like is ColumnContent.DATE:
            self.has_days = True
            for cell in self.cells:
                self.days.see(cell)

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
    """None: staff have to say what the column is. ``system`` is whose an external id is, where
    something tells."""

    target: Target | None
    field: str | None = None  # the key of an own field
    system: str | None = None
    rank: int = 0  # how good a head of its kind it is; the lower the better

    @property
    def place(self) -> tuple[Target | None, str | None]:
        """What it would be; two columns have one place only where a row may have several."""
        return self.target, self.field


NOTHING = Guess(Target.LEFT_OUT)
_SEVERAL = (None, Target.LEFT_OUT, Target.PHONE, Target.EMAIL)
_LATER = 100  # the rank of heads that are groups by the names of other programs


def guesses(columns: Sequence[Column], own: Mapping[str, str], filename: str = "") -> list[Guess]:
    """``own`` are the columns of the church's own fields (``custom_fields.columns``)."""
    system = guess_words.system_of_file(filename)
    found = [_by_head(each, own, system) for each in columns]
    taken = {guess.place for guess in found}
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
    return _useful(_once(columns, _named(columns, found)))


def is_head(cells: Sequence[str]) -> bool:
    """Whether the first row of a file names its columns and is not a person."""
    told = sum(_is_phone(cell) or _is_email(cell) for cell in cells if cell)
    return told == 0 or sum(bool(csv_columns.meaning(cell, {})[0]) for cell in cells) > told


def with_names(columns: Sequence[Column], found: Sequence[Guess]) -> list[Guess]:
    """The guesses for columns without names: words that come first are most likely the name."""
    guesses = list(found)
    texts = [
        at
        for at, (column, guess) in enumerate(zip(columns, found, strict=True))
        if guess == NOTHING and column.looks_like is ColumnContent.TEXT and _are_names(column)
    ]
    if texts and not _is_of_one_word(columns[texts[0]]):
        guesses[texts[0]] = Guess(Target.FULL_NAME)
    elif texts:
        guesses[texts[0]] = Guess(Target.FIRST_NAME)
        if texts[1:2] == [texts[0] + 1]:
            guesses[texts[1]] = Guess(Target.LAST_NAME)
    return guesses


def _are_names(column: Column) -> bool:
    """Whether there are mostly letters in it."""
    plain = sum(not any(sign.isdigit() or sign in "@/:" for sign in each) for each in column.cells)
    return plain >= MOSTLY * len(column.cells)


def _named(columns: Sequence[Column], found: Sequence[Guess]) -> list[Guess]:
    """ "Nombre" beside "Apellido" is a first name, "Name" beside "Vorname" a last one, and alone
    each is a whole one."""
    places = {each.target for each in found}
    if Target.FULL_NAME not in places or {Target.FIRST_NAME, Target.LAST_NAME} <= places:
        return list(found)
    if Target.LAST_NAME in places:
        meant = Target.FIRST_NAME
    elif Target.FIRST_NAME in places:
        meant = Target.LAST_NAME
    else:
        return list(found)
    return [
        Guess(meant, rank=each.rank)
        if each.target is Target.FULL_NAME
        and (meant is Target.FIRST_NAME or _is_of_one_word(column))
        else each
        for each, column in zip(found, columns, strict=True)
    ]


def _is_of_one_word(column: Column) -> bool:
    """Whether its cells are mostly one name each, not a whole one."""
    single = sum(" " not in cell and "," not in cell for cell in column.cells)
    return single >= len(column.cells) / 2


def _by_head(column: Column, own: Mapping[str, str], system: str | None) -> Guess:
    spelt = custom_fields.column(column.head)
    if key := own.get(spelt):
        return Guess(Target.FIELD, key)
    target, rank = csv_columns.meaning(column.head, own)
    if target in csv_columns.ABOUT_CONSENT or column.suspicion.is_raised:
        return Guess(None)  # nobody but staff can say what it means
    if target:
        is_there = target != csv_columns.PHONE or _may_hold_phones(column)
        return Guess(Target(target), rank=rank) if is_there else NOTHING
    words = guess_words.squashed(column.head)
    if words in guess_words.BIRTHDAYS:
        return Guess(Target.FIELD, own["birthday"]) if "birthday" in own else Guess(Target.BIRTHDAY)
    if words in guess_words.ALSO_GROUPS:
        return Guess(Target.GROUPS, rank=_LATER + guess_words.ALSO_GROUPS.index(words))
    if csv_columns.is_bare_reach(column.head) and column.looks_like is ColumnContent.PHONE:
        return Guess(Target.PHONE)
    return _id(column.head, system)


def _id(head: str, system: str | None) -> Guess:
    """An id of another system, where the head or the name of the file tells of one."""
    if named := guess_words.system_of_head(head):
        return Guess(Target.EXTERNAL_ID, system=named)
    words = guess_words.squashed(head)
    if words in guess_words.IDS or (system and guess_words.is_bare_id(head)):
        return Guess(Target.EXTERNAL_ID, system=system, rank=1)
    return NOTHING


def _may_hold_phones(column: Column) -> bool:
    """A head may say "Mobile" of a column of yes and no."""
    return not column.cells or any(
        sum(letter.isdigit() for letter in cell) >= DIGITS_OF_A_PHONE for cell in column.cells
    )


def _once(columns: Sequence[Column], found: Sequence[Guess]) -> list[Guess]:
    """Of columns that seem to be the same the best one counts; several phones are all right, as
    the best one of a row is taken."""
    best: dict[tuple[Target | None, str | None], int] = {}
    most = _most_filled(columns, found)
    for at, (guess, column) in enumerate(zip(found, columns, strict=True)):
        other = best.setdefault(guess.place, at)
        if _order(guess, column, most) < _order(found[other], columns[other], most):
            best[guess.place] = at
    return [
        guess if guess.target in _SEVERAL or best[guess.place] == at else NOTHING
        for at, guess in enumerate(found)
    ]


def _most_filled(
    columns: Sequence[Column], found: Sequence[Guess]
) -> dict[tuple[Target | None, str | None], int]:
    most: dict[tuple[Target | None, str | None], int] = {}
    for guess, column in zip(found, columns, strict=True):
        most[guess.place] = max(most.get(guess.place, 0), column.filled)
    return most


def _order(
    guess: Guess, column: Column, most: Mapping[tuple[Target | None, str | None], int]
) -> tuple[bool, int]:
    """Hardly filled ones last: a nickname that some have is no first name."""
    return column.filled * 2 < most[guess.place], guess.rank


def _useful(found: Sequence[Guess]) -> list[Guess]:
    """A branch is a part of a group's name, and nothing without one."""
    if any(each.target is Target.GROUPS for each in found):
        return list(found)
    return [NOTHING if each.target is Target.BRANCH else each for each in found]


def _is_phone(cell: str) -> bool:
    if sum(letter.isdigit() for letter in cell) < 10:
        return False
    try:
        phone_cells.read(cell)
    except (InvalidPhone, Unusable):
        return False
    return True


def _is_email(cell: str) -> bool:
    return bool(EMAIL.fullmatch(cell))


def _is_day(cell: str) -> bool:
    return day_cells.is_day(cell)


_FITS = {
    ColumnContent.PHONE: _is_phone,
    ColumnContent.EMAIL: _is_email,
    ColumnContent.DATE: _is_day,
}
