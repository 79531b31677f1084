"""Days as people and programs write them, and in which order a column writes day and month.

What the database reads as the same day (``calendar_day.sql``: month first, or the year first)
stays as it is written; everything else becomes ``1980-04-05``, or ``--04-05`` without a year.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from koinonia.common import clock, visible_text


class DayOrder(StrEnum):
    """Which of two numbers is the day, in ``4/5/1980``."""

    DAY_FIRST = "dayFirst"
    MONTH_FIRST = "monthFirst"


LAST_MONTH = 12
FEWEST_DAYS = 28  # of a month
_PLAIN = re.compile(r"(\d{1,2})/(\d{1,2})/[12]\d{3}", re.ASCII)  # what nearly all days are
_TIME = r"(?:[T ]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[ap]\.?m\.?)?Z?)?"
_NUMBERS = re.compile(rf"(\d{{1,2}})([./-]) ?(\d{{1,2}})(?:\2 ?(\d{{4}}|\d{{2}})?)?{_TIME}", re.I)
_YEAR_FIRST = re.compile(rf"(\d{{4}})[./-](\d{{1,2}})[./-](\d{{1,2}}){_TIME}", re.I)
_CLOSE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_NO_YEAR = re.compile(r"--(\d{2})-?(\d{2})")
_NAMED = re.compile(
    r"(?:(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?[ -]*(?:de )?)?(?P<month>[^\W\d_]{3,10})\.?"
    r"[ -]*(?P<late>\d{1,2}(?:st|nd|rd|th)?(?![\d]))?,?[ -]*(?:de |del )?(?P<year>\d{4}|\d{2})?"
)
_MONTHS = (
    *("jan ene", "feb", "mar mär maer mrz", "apr abr", "may mai", "jun", "jul", "aug ago"),
    *("sep set", "oct okt", "nov", "dec dic dez"),
)
_MONTH = {begin: at for at, begins in enumerate(_MONTHS, 1) for begin in begins.split()}
_SAME = re.compile(r"\d{1,2}[/-]\d{1,2}(?:[/-](?:\d{4}|\d{2}))?|\d{4}-\d{2}-\d{2}(?:[T ].*)?|--.*")


@dataclass(slots=True)
class DayTally:
    """What the days of a column tell of their order, seen one by one."""

    day_first: int = 0
    month_first: int = 0
    either: int = 0
    dotted: int = 0  # as in countries that write the day first

    def see(self, cell: str) -> None:
        if found := _NUMBERS.fullmatch(cell):
            one, other = int(found[1]), int(found[3])
            self.day_first += one > LAST_MONTH >= other
            self.month_first += other > LAST_MONTH >= one
            self.either += one <= LAST_MONTH and other <= LAST_MONTH and one != other
            self.dotted += found[2] == "."

    @property
    def order(self) -> DayOrder | None:
        """None where nothing tells it."""
        if self.day_first != self.month_first:
            is_day = self.day_first > self.month_first
            return DayOrder.DAY_FIRST if is_day else DayOrder.MONTH_FIRST
        return DayOrder.DAY_FIRST if self.dotted and not self.day_first else None

    @property
    def is_open(self) -> bool:
        """Whether some could be read either way, and nothing tells which."""
        return self.order is None and self.either > 0


def is_day(cell: str) -> bool:
    """Whether a cell is a day, whatever its order. Digits alone are more likely a number."""
    return not cell.isdigit() and any(read(cell, order) is not None for order in DayOrder)


def read(cell: str, order: DayOrder = DayOrder.MONTH_FIRST) -> str | None:
    """A day as it is kept; None for what is none. A number that can only be a day is one, whatever
    the others of its column say."""
    if order is DayOrder.MONTH_FIRST and (plain := _PLAIN.fullmatch(cell)):
        month, day = int(plain[1]), int(plain[2])
        if month <= LAST_MONTH and day <= FEWEST_DAYS:
            return cell
    text = visible_text.line(cell)
    parts = _parts(text, order)
    if parts is None:
        return None
    year, month, day = parts
    try:
        date(year or 2000, month, day)
    except ValueError:
        return None
    is_month_first = (found := _NUMBERS.fullmatch(text)) is None or int(found[1]) == month
    if _SAME.fullmatch(text) and is_month_first and (year is None or str(year) in text):
        return text
    return f"{year:04}-{month:02}-{day:02}" if year else f"--{month:02}-{day:02}"


def _parts(text: str, order: DayOrder) -> tuple[int | None, int, int] | None:
    """Year, month and day."""
    if found := _YEAR_FIRST.fullmatch(text) or _CLOSE.fullmatch(text):
        return int(found[1]) or None, int(found[2]), int(found[3])
    if found := _NO_YEAR.fullmatch(text):
        return None, int(found[1]), int(found[2])
    if found := _NUMBERS.fullmatch(text):
        one, other = int(found[1]), int(found[3])
        is_day_first = one > LAST_MONTH or (order is DayOrder.DAY_FIRST and other <= LAST_MONTH)
        month, day = (other, one) if is_day_first else (one, other)
        return _year(found[4]), month, day
    return _named(text.lower())


def _named(text: str) -> tuple[int | None, int, int] | None:
    """ "Apr 5, 1980", "5-Apr-80" and "5 de abril de 1980"."""
    found = _NAMED.fullmatch(text)
    if found is None:
        return None
    month = _MONTH.get(found["month"][:3]) or _MONTH.get(found["month"][:4])
    day = found["day"] or (found["late"] or "").rstrip("stndrh")
    if not month or not day or (found["day"] and found["late"] and found["year"]):
        return None
    year = found["year"] or (found["late"] if found["day"] else None)
    return _year(year), month, int(day)


def _year(written: str | None) -> int | None:
    if not written:
        return None
    if len(written) == 4:
        return int(written) or None
    this = clock.now().year
    year = this // 100 * 100 + int(written)
    return year - 100 if year > this else year
