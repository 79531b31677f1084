"""Rules and wall times become instants: pure."""

from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from koinonia.messaging.timing import recurrence, recurrence_rules
from koinonia.messaging.timing.errors import BadRule

CHICAGO = "America/Chicago"
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
ZONES = [CHICAGO, "America/Phoenix", "Europe/London", "Australia/Lord_Howe", "America/St_Johns"]


def local(rule: str, start: str, count: int = 5, zone: str = CHICAGO) -> list[str]:
    """What the clocks show at the first occurrences."""
    found = recurrence.occurrences(
        recurrence_rules.parse(rule), datetime.fromisoformat(start), zone, LONG_AGO
    )
    return [f"{each.local:%Y-%m-%dT%H:%M%z}" for each in islice(found, count)]


def days(rule: str, start: str, count: int = 5) -> list[str]:
    return [each[:10] for each in local(rule, start, count)]


def test_every_second_tuesday_and_thursday() -> None:
    assert days("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH", "2026-01-01T09:00", 4) == [
        "2026-01-01",
        "2026-01-13",
        "2026-01-15",
        "2026-01-27",
    ]


def test_the_last_sunday_of_each_month() -> None:
    assert days("FREQ=MONTHLY;BYDAY=-1SU", "2026-01-01T09:00", 3) == [
        "2026-01-25",
        "2026-02-22",
        "2026-03-29",
    ]


def test_the_31st_comes_only_in_months_that_have_one() -> None:
    assert days("FREQ=MONTHLY;BYMONTHDAY=31", "2026-01-31T09:00", 4) == [
        "2026-01-31",
        "2026-03-31",
        "2026-05-31",
        "2026-07-31",
    ]


def test_the_last_day_of_each_month() -> None:
    assert days("FREQ=MONTHLY;BYMONTHDAY=-1", "2028-01-01T09:00", 3) == [
        "2028-01-31",
        "2028-02-29",
        "2028-03-31",
    ]


def test_29_february_comes_only_in_leap_years() -> None:
    assert days("FREQ=YEARLY", "2028-02-29T09:00", 3) == ["2028-02-29", "2032-02-29", "2036-02-29"]
    assert days("FREQ=YEARLY", "2096-02-29T09:00", 2) == ["2096-02-29", "2104-02-29"]


def test_the_fourth_thursday_of_november() -> None:
    assert days("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", "2026-01-01T09:00", 2) == [
        "2026-11-26",
        "2027-11-25",
    ]


def test_the_last_weekday_of_a_month() -> None:
    rule = "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"
    assert days(rule, "2026-01-01T09:00", 2) == ["2026-01-30", "2026-02-27"]


@pytest.mark.parametrize(
    ("end", "last"),
    [
        ("COUNT=3", "2026-01-03"),
        ("UNTIL=20260104", "2026-01-04"),
        ("UNTIL=20260104T085959", "2026-01-03"),
        ("UNTIL=20260104T150000Z", "2026-01-04"),
        ("UNTIL=20260104T145959Z", "2026-01-03"),
    ],
)
def test_a_rule_ends_when_it_says(end: str, last: str) -> None:
    assert days(f"FREQ=DAILY;{end}", "2026-01-01T09:00", 20)[-1] == last


def test_the_wall_time_stays_when_the_offset_changes() -> None:
    assert local("FREQ=DAILY", "2026-03-07T09:00", 2) == [
        "2026-03-07T09:00-0600",
        "2026-03-08T09:00-0500",
    ]


def test_a_time_that_the_clocks_skip_is_an_hour_later_that_day() -> None:
    assert local("FREQ=DAILY", "2026-03-07T02:30", 3) == [
        "2026-03-07T02:30-0600",
        "2026-03-08T03:30-0500",
        "2026-03-09T02:30-0500",
    ]
    skipped = recurrence.occurrence(datetime.fromisoformat("2026-03-08T02:30"), CHICAGO)
    assert skipped.note == "The clocks skip 02:30 on this day, so it is sent at 03:30."


def test_a_time_that_comes_twice_is_the_first() -> None:
    assert local("FREQ=DAILY", "2026-10-31T01:30", 3) == [
        "2026-10-31T01:30-0500",
        "2026-11-01T01:30-0500",
        "2026-11-02T01:30-0600",
    ]


def test_after_an_instant_only_later_ones_come() -> None:
    rule, start = recurrence_rules.parse("FREQ=DAILY"), datetime.fromisoformat("2026-01-01T09:00")
    nine = datetime.fromisoformat("2026-05-05T09:00-05:00")
    assert next(recurrence.occurrences(rule, start, CHICAGO, nine)).at == nine + timedelta(days=1)


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("", "FREQ=WEEKLY;BYDAY=SU"),
        ("every sunday", "FREQ=WEEKLY;BYDAY=SU"),
        ("FREQ=HOURLY", "at most once a day"),
        ("FREQ=FORTNIGHTLY", "DAILY, WEEKLY"),
        ("INTERVAL=2", "no FREQ"),
        ("FREQ=DAILY;INTERVAL=0", "1 to 366"),
        ("FREQ=DAILY;FREQ=WEEKLY", "twice"),
        ("FREQ=DAILY;COUNT=0", "1 to 1000"),
        ("FREQ=DAILY;COUNT=2;UNTIL=20270101", "not by both"),
        ("FREQ=DAILY;UNTIL=20261301", "20271231"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "1 to 31"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "1 to 31"),
        ("FREQ=WEEKLY;BYMONTHDAY=1", "FREQ=MONTHLY"),
        ("FREQ=WEEKLY;BYDAY=2SU", "FREQ=MONTHLY"),
        ("FREQ=MONTHLY;BYDAY=6SU", "1 to 5"),
        ("FREQ=WEEKLY;BYDAY=SUNDAY", "MO, TU"),
        ("FREQ=DAILY;BYHOUR=9", "scheduledFor"),
        ("FREQ=YEARLY;BYWEEKNO=20", "not known here"),
        ("DTSTART:20260101T090000\nRRULE:FREQ=DAILY", "FREQ=WEEKLY;BYDAY=SU"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_with_what_to_do(rule: str, says: str) -> None:
    with pytest.raises(BadRule) as refused:
        recurrence_rules.parse(rule)
    assert says in refused.value.message


def test_a_rule_that_never_comes_true_ends_soon() -> None:
    assert days("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "2026-01-01T09:00") == []


rules = some.sampled_from(
    [
        "FREQ=DAILY",
        "FREQ=DAILY;INTERVAL=3",
        "FREQ=WEEKLY;BYDAY=MO,SU",
        "FREQ=MONTHLY;BYMONTHDAY=-1,15",
        "FREQ=MONTHLY;BYDAY=2SU",
        "FREQ=YEARLY",
    ]
)
starts = some.datetimes(datetime(2026, 1, 1), datetime(2029, 12, 31))  # noqa: DTZ001


@given(rules, starts, some.sampled_from(ZONES))
def test_instants_only_grow_and_show_the_wall_time_wherever_it_exists(
    rule: str, start: datetime, zone: str
) -> None:
    start = start.replace(second=0, microsecond=0)
    found = list(
        islice(recurrence.occurrences(recurrence_rules.parse(rule), start, zone, LONG_AGO), 40)
    )
    assert all(earlier.at < later.at for earlier, later in pairwise(found))
    for each in found:
        shown = each.at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        assert each.wall.time() == start.time()
        assert shown == each.wall or (each.note is not None and shown > each.wall)


@given(starts, some.sampled_from(ZONES))
def test_no_instant_lies_in_a_gap(start: datetime, zone: str) -> None:
    at = recurrence.occurrence(start, zone).at
    there = at.astimezone(ZoneInfo(zone))
    assert there.astimezone(UTC) == at
