"""The days of a rule, in order, with a bound on the work of finding them.

dateutil searches up to the year 9999 for the next day of a rule that never comes true: seconds on
the event loop. Here every period of the rule is looked at once and none after the last day asked
for, so a rule without a day costs as much as one with many. The tests hold the days against
dateutil's.
"""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

A_DAY = timedelta(days=1)
WEEK = 7


class Frequency(StrEnum):
    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"


@dataclass(frozen=True, slots=True)
class Weekday:
    """A day of the week, Monday 0; ``nth`` of its month, from the end if negative; 0: any."""

    day: int
    nth: int = 0


@dataclass(frozen=True, slots=True)
class Pattern:
    """The parts of an RRULE that choose days (RFC 5545, 3.3.10)."""

    frequency: Frequency
    interval: int = 1
    months: Sequence[int] = ()
    month_days: Sequence[int] = ()  # negative: from the end of the month
    weekdays: Sequence[Weekday] = ()
    positions: Sequence[int] = ()  # in the set of one period; negative: from its end
    week_start: int = 0

    def days(self, start: date, last: date) -> Iterator[date]:
        """Those from ``start`` to ``last``; what the rule leaves open is taken from ``start``."""
        pattern = self._completed(start)
        for period in pattern._periods(start, last):
            chosen = [day for day in period if pattern._includes(day)]
            if pattern.positions:
                chosen = _at_positions(chosen, pattern.positions)
            yield from (day for day in chosen if start <= day <= last)

    def _completed(self, start: date) -> "Pattern":
        """With the month, the day or the weekday of ``start`` where the rule names no days."""
        if self.month_days or self.weekdays or self.frequency is Frequency.DAILY:
            return self
        if self.frequency is Frequency.WEEKLY:
            return self._with(weekdays=(Weekday(start.weekday()),))
        months = self.months
        if self.frequency is Frequency.YEARLY and not months:
            months = (start.month,)
        return self._with(months=months, month_days=(start.day,))

    def _with(
        self,
        months: Sequence[int] | None = None,
        month_days: Sequence[int] = (),
        weekdays: Sequence[Weekday] = (),
    ) -> "Pattern":
        return Pattern(
            self.frequency,
            self.interval,
            self.months if months is None else months,
            month_days,
            weekdays,
            self.positions,
            self.week_start,
        )

    def _periods(self, start: date, last: date) -> Iterator[Sequence[date]]:
        """The days of each period, from that of ``start`` to that of ``last``."""
        match self.frequency:
            case Frequency.DAILY:
                yield from ([day] for day in _every(start, last, self.interval))
            case Frequency.WEEKLY:
                lead = (start.weekday() - self.week_start) % WEEK
                yield _span(start, WEEK - lead)
                first = start + timedelta(days=self.interval * WEEK - lead)
                for day in _every(first, last, self.interval * WEEK):
                    yield _span(day, WEEK)
            case Frequency.MONTHLY:
                for number in range(_month(start), _month(last) + 1, self.interval):
                    yield _days_of_month(*divmod(number, 12))
            case Frequency.YEARLY:
                for year in range(start.year, last.year + 1, self.interval):
                    months = sorted(set(self.months)) or range(1, 13)
                    yield [day for month in months for day in _days_of_month(year, month - 1)]

    def _includes(self, day: date) -> bool:
        if self.months and day.month not in self.months:
            return False
        if not self.month_days and not self.weekdays:
            return True
        length = monthrange(day.year, day.month)[1]
        if self.month_days and not {day.day, day.day - length - 1} & set(self.month_days):
            return False
        return not self.weekdays or any(_is(day, length, each) for each in self.weekdays)


def _is(day: date, length: int, wanted: Weekday) -> bool:
    if day.weekday() != wanted.day:
        return False
    nth = (day.day - 1) // WEEK + 1
    from_end = -((length - day.day) // WEEK + 1)
    return wanted.nth in (0, nth, from_end)


def _at_positions(days: Sequence[date], positions: Sequence[int]) -> list[date]:
    places = {place - 1 if place > 0 else len(days) + place for place in positions}
    return [day for place, day in enumerate(days) if place in places]


def _every(first: date, last: date, days: int) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range(0, (last - first).days + 1, days))


def _span(first: date, days: int) -> Sequence[date]:
    return [first + timedelta(days=n) for n in range(days)]


def _month(day: date) -> int:
    """Months since the year 0."""
    return day.year * 12 + day.month - 1


def _days_of_month(year: int, month: int) -> Sequence[date]:
    """``month`` counts from 0."""
    return _span(date(year, month + 1, 1), monthrange(year, month + 1)[1])
