"""The rule of a recurring message: the part of RFC 5545's RRULE that suits texts.

At most once a day, at the time of day of its start. dateutil counts the days; what it would accept
silently (an INTERVAL of 0, a 32nd) is refused here, with a sentence.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from dateutil import rrule  # type: ignore[import-untyped]

from koinonia.messaging.timing.errors import BadRule

FREQUENCIES = {
    "DAILY": rrule.DAILY,
    "WEEKLY": rrule.WEEKLY,
    "MONTHLY": rrule.MONTHLY,
    "YEARLY": rrule.YEARLY,
}
WEEKDAYS = {name: getattr(rrule, name) for name in ("MO", "TU", "WE", "TH", "FR", "SA", "SU")}
MOST_TIMES = 1000
HORIZON = timedelta(days=366 * 12)  # 29 February 2096 is followed by that of 2104
Part = TypeVar("Part")
_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")


@dataclass(frozen=True, slots=True)
class Rule:
    """A checked rule; ``text`` is its canonical form."""

    text: str
    parts: dict[str, object] = field(compare=False)  # as dateutil names them
    until: date | datetime | None = None  # a day, a wall time, or an instant
    count: int | None = None

    def walls(self, start: datetime, zone: str, after: datetime) -> Iterator[datetime]:
        """Wall times (naive) from ``start`` on that lie after the wall time ``after``."""
        ends = [max(start, after) + HORIZON]
        if self.until is not None:
            ends.append(_wall(self.until, zone))
        days = rrule.rrule(dtstart=start, count=self.count, **self.parts)
        for day in days.xafter(after):
            if day > min(ends):
                return
            yield day


def parse(text: str) -> Rule:
    """The rule of ``FREQ=WEEKLY;BYDAY=SU``; raises ``BadRule``."""
    given = _given(text)
    unknown = set(given) - set(KNOWN)
    if unknown:
        raise BadRule(_unknown(sorted(unknown)[0]))
    if "FREQ" not in given:
        raise BadRule("The rule has no FREQ. Begin it with FREQ=DAILY, WEEKLY, MONTHLY or YEARLY.")
    parts = {_CALLED[name]: _READ[name](given[name]) for name in _READ if name in given}
    count = _number("COUNT", MOST_TIMES)(given["COUNT"]) if "COUNT" in given else None
    until = _until(given["UNTIL"]) if "UNTIL" in given else None
    _check(given)
    return Rule(";".join(f"{name}={given[name]}" for name in given), parts, until, count)


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


def _frequency(value: str) -> int:
    if value in ("HOURLY", "MINUTELY", "SECONDLY"):
        raise BadRule(
            "A text leaves at most once a day: use FREQ=DAILY, with the time of day in "
            "scheduledFor."
        )
    if value not in FREQUENCIES:
        raise BadRule("FREQ is one of DAILY, WEEKLY, MONTHLY and YEARLY.")
    found: int = FREQUENCIES[value]
    return found


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


def _day(value: str) -> object:
    found = _DAY.fullmatch(value)
    if not found:
        raise BadRule(
            "BYDAY names days as MO, TU, WE, TH, FR, SA, SU; 2SU is the second Sunday "
            "of a month and -1SU the last."
        )
    if found[1] is None:
        return WEEKDAYS[found[2]]
    return WEEKDAYS[found[2]](_number("The week in BYDAY", 5, signed=True)(found[1]))


def _weekday(value: str) -> object:
    if value not in WEEKDAYS:
        raise BadRule("WKST is the first day of the week: MO, TU, WE, TH, FR, SA or SU.")
    return WEEKDAYS[value]


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


_READ: dict[str, Callable[[str], object]] = {
    "FREQ": _frequency,
    "INTERVAL": _number("INTERVAL", 366),
    "BYDAY": _several(_day),
    "BYMONTHDAY": _several(_number("BYMONTHDAY", 31, signed=True)),
    "BYMONTH": _several(_number("BYMONTH", 12)),
    "BYSETPOS": _several(_number("BYSETPOS", 31, signed=True)),
    "WKST": _weekday,
}
KNOWN = (*_READ, "COUNT", "UNTIL")
_CALLED = {name: name.lower() for name in _READ} | {"BYDAY": "byweekday"}
"""What dateutil calls the parts."""
