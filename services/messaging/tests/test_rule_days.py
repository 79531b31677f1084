"""The days of a rule are those of RFC 5545, and finding them costs little whatever the rule."""

import time
from datetime import date, datetime, timedelta
from itertools import islice
from unittest.mock import patch

import pytest
from dateutil import rrule
from hypothesis import given
from hypothesis import strategies as some

from koinonia.messaging.timing import recurrence_rules

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
HORIZON = timedelta(days=365 * 8)


@some.composite
def rules(draw: some.DrawFn) -> str:
    """Any rule that we take."""
    frequency = draw(some.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = {"FREQ": frequency, "INTERVAL": str(draw(some.integers(1, 14)))}
    if draw(some.booleans()):
        parts["BYMONTH"] = _joined(draw, some.integers(1, 12))
    if frequency != "WEEKLY" and draw(some.booleans()):
        parts["BYMONTHDAY"] = _joined(draw, some.integers(1, 31) | some.integers(-31, -1))
    if draw(some.booleans()):
        nth = frequency == "MONTHLY" or (frequency == "YEARLY" and "BYMONTH" in parts)
        # With MO beside 1MO dateutil takes the days that are both; by the RFC it is every Monday.
        with_number = some.sampled_from(["1", "2", "5", "-1", "-5"])
        numbers = with_number if nth and draw(some.booleans()) else some.just("")
        days = some.tuples(numbers, some.sampled_from(WEEKDAYS)).map("".join)
        parts["BYDAY"] = _joined(draw, days)
    if {"BYDAY", "BYMONTHDAY"} & set(parts) and draw(some.booleans()):
        parts["BYSETPOS"] = _joined(draw, some.integers(1, 6) | some.integers(-6, -1))
    if draw(some.booleans()):
        parts["WKST"] = draw(some.sampled_from(WEEKDAYS))
    return ";".join(f"{name}={value}" for name, value in parts.items())


def _joined(draw: some.DrawFn, values: some.SearchStrategy[object]) -> str:
    return ",".join(map(str, draw(some.lists(values, min_size=1, max_size=3, unique=True))))


@given(rules(), some.dates(date(2024, 1, 1), date(2032, 12, 31)))
def test_the_days_of_any_rule_are_those_that_dateutil_finds(rule: str, start: date) -> None:
    last = start + HORIZON
    found = recurrence_rules.parse(rule).pattern.days(start, last)
    at = datetime.combine(start, datetime.min.time())
    end = datetime.combine(last, datetime.min.time())
    with patch("datetime.MAXYEAR", last.year + 1):  # up to which dateutil searches
        expected = [
            day.date() for day in rrule.rrulestr(rule, dtstart=at).between(at, end, inc=True)
        ]
    assert list(found) == expected


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;INTERVAL=366",
        "FREQ=DAILY;BYDAY=MO;BYSETPOS=2",
        "FREQ=WEEKLY;BYDAY=MO;BYSETPOS=5",
        "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=31",
        "FREQ=MONTHLY;BYDAY=5MO;BYMONTHDAY=1",
        "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=31",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYMONTHDAY=29;BYMONTH=2;INTERVAL=3",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO",
    ],
)
def test_a_rule_that_never_or_rarely_comes_true_holds_nobody_up(rule: str) -> None:
    """The loop stands still for a tenth of a second at most, of processor time."""
    start = datetime(2026, 1, 1, 9)  # noqa: DTZ001 - a wall time
    began = time.thread_time()
    found = list(islice(recurrence_rules.parse(rule).walls(start, "America/Chicago", start), 51))
    assert time.thread_time() - began < 0.1
    assert len(found) < 3
