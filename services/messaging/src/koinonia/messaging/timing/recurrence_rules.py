"""The rule of a recurring message: the part of RFC 5545's RRULE that suits texts.

At most once a day, at the time of day of its start. What makes no sense (an INTERVAL of 0, a 32nd)
is refused with a sentence; ``rule_days.py`` finds the days.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import TypeVar
from zoneinfo import ZoneInfo

from koinonia.messaging.timing.errors import BadRule
from koinonia.messaging.timing.rule_days import Frequency, Pattern, Weekday

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MOST_TIMES = 1000
HORIZON = timedelta(days=366 * 12)  # 29 February 2096 is followed by that of 2104
Part = TypeVar("Part")
_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")


@dataclass(frozen=True, slots=True)
class Rule:
    """A checked rule; ``text`` is its canonical form."""

    text: str
    pattern: Pattern = field(compare=False)
    until: date | datetime | None = None  # a day, a wall time, or an instant
    count: int | None = None

    def walls(self, start: datetime, zone: str, after: datetime) -> Iterator[datetime]:
        """Wall times (naive) from ``start`` on that lie after the wall time ``after``."""
        ends = [max(start, after) + HORIZON]
        if self.until is not None:
            ends.append(_wall(self.until, zone))
        end = min(ends)
        days = self.pattern.days(start.date(), end.date())
        for day in islice(days, self.count):
            wall = datetime.combine(day, start.time())
            if wall > end:
                return
            if wall > after:
                yield wall


def parse(text: str) -> Rule:
    """The rule of ``FREQ=WEEKLY;BYDAY=SU``; raises ``BadRule``."""
    given = _given(text)
    unknown = set(given) - set(KNOWN)
    if unknown:
        raise BadRule(_unknown(sorted(unknown)[0]))
    if "FREQ" not in given:
        raise BadRule("The rule has no FREQ. Begin it with FREQ=DAILY, WEEKLY, MONTHLY or YEARLY.")
    pattern = _pattern(given)
    count = _number("COUNT", MOST_TIMES)(given["COUNT"]) if "COUNT" in given else None
    until = _until(given["UNTIL"]) if "UNTIL" in given else None
    _check(given)
    return Rule(";".join(f"{name}={given[name]}" for name in given), pattern, until, count)


def _given(text: str) -> dict[str, str]:
    body = text.strip().upper().removeprefix("RRULE:").strip(";")
    given: dict[str, str] = {}
    for part in body.split(";"):
        name, equals, value = part.partition("=")
        if not equals or not value or not re.fullmatch(r"[A-Z]+", name):
            raise BadRule
        if name in given:
            raise BadRule(f"{name} is there twice. Keep one of them.")
        given[name] = value
    return given


def _unknown(name: str) -> str:
    if name in ("BYHOUR", "BYMINUTE", "BYSECOND"):
        return f"{name} is not for texts: they leave at the time of day of scheduledFor."
    return f"{name[:20]} is not known here. These are: {', '.join(KNOWN)}."


def _check(given: dict[str, str]) -> None:
    """What each part allows and all together do not."""
    frequency = given["FREQ"]
    if "COUNT" in given and "UNTIL" in given:
        raise BadRule("A rule ends by COUNT or by UNTIL, not by both.")
    counted = any(letter.isdigit() for letter in given.get("BYDAY", ""))
    if counted and frequency not in ("MONTHLY", "YEARLY"):
        raise BadRule("Only a month or a year has a second Sunday: use FREQ=MONTHLY or YEARLY.")
    if counted and frequency == "YEARLY" and "BYMONTH" not in given:
        raise BadRule("Say in which month: BYMONTH=11;BYDAY=4TH is the fourth Thursday of it.")
    if frequency == "WEEKLY" and "BYMONTHDAY" in given:
        raise BadRule("A week has no day of the month: use FREQ=MONTHLY with BYMONTHDAY.")
    if "BYSETPOS" in given and not {"BYDAY", "BYMONTHDAY"} & set(given):
        raise BadRule("BYSETPOS chooses among the days of BYDAY or BYMONTHDAY. Name some.")


def _pattern(given: dict[str, str]) -> Pattern:
    def numbers(name: str, most: int, *, signed: bool = True) -> tuple[int, ...]:
        return _several(_number(name, most, signed=signed))(given[name]) if name in given else ()

    return Pattern(
        _frequency(given["FREQ"]),
        _number("INTERVAL", 366)(given.get("INTERVAL", "1")),
        months=numbers("BYMONTH", 12, signed=False),
        month_days=numbers("BYMONTHDAY", 31),
        weekdays=_several(_day)(given["BYDAY"]) if "BYDAY" in given else (),
        positions=numbers("BYSETPOS", 31),
        week_start=_weekday(given.get("WKST", "MO")),
    )


def _frequency(value: str) -> Frequency:
    if value in ("HOURLY", "MINUTELY", "SECONDLY"):
        raise BadRule(
            "A text leaves at most once a day: use FREQ=DAILY, with the time of day in "
            "scheduledFor."
        )
    if value not in list(Frequency):
        raise BadRule("FREQ is one of DAILY, WEEKLY, MONTHLY and YEARLY.")
    return Frequency(value)


def _number(name: str, most: int, *, signed: bool = False) -> Callable[[str], int]:
    def read(value: str) -> int:
        number = int(value) if re.fullmatch(r"[+-]?\d{1,4}", value) else 0
        if not 1 <= (abs(number) if signed else number) <= most:
            last = ", or from the end -1 and so on" if signed else ""
            raise BadRule(f"{name} is a number from 1 to {most}{last}.")
        return number

    return read


def _several(single: Callable[[str], Part]) -> Callable[[str], tuple[Part, ...]]:
    def read(value: str) -> tuple[Part, ...]:
        return tuple(single(each) for each in value.split(","))

    return read


def _day(value: str) -> Weekday:
    found = _DAY.fullmatch(value)
    if not found:
        raise BadRule(
            "BYDAY names days as MO, TU, WE, TH, FR, SA, SU; 2SU is the second Sunday "
            "of a month and -1SU the last."
        )
    day = WEEKDAYS.index(found[2])
    if found[1] is None:
        return Weekday(day)
    return Weekday(day, _number("The week in BYDAY", 5, signed=True)(found[1]))


def _weekday(value: str) -> int:
    if value not in WEEKDAYS:
        raise BadRule("WKST is the first day of the week: MO, TU, WE, TH, FR, SA or SU.")
    return WEEKDAYS.index(value)


def _until(value: str) -> date | datetime:
    try:
        if re.fullmatch(r"\d{8}", value):
            return datetime.strptime(value, "%Y%m%d").date()  # noqa: DTZ007 - a day has no zone
        if re.fullmatch(r"\d{8}T\d{6}", value):
            return datetime.strptime(value, "%Y%m%dT%H%M%S")  # noqa: DTZ007 - a wall time
        return datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise BadRule(
            "UNTIL is the last day, like 20271231, or an instant like 20271231T235959Z."
        ) from None


def _wall(until: date | datetime, zone: str) -> datetime:
    if not isinstance(until, datetime):
        return datetime.combine(until, time.max)
    if until.tzinfo is None:
        return until
    return until.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


KNOWN = (
    *("FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST"),
    *("COUNT", "UNTIL"),
)
