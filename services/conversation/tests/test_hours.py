"""When an office is open, also when clocks change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from koinonia.conversation.automatic import opening_times
from koinonia.conversation.automatic.opening_times import Span, Week

NEW_YORK = ZoneInfo("America/New_York")
SUNDAY, MONDAY = 7, 1


def week(*spans: tuple[int, str, str], zone: ZoneInfo = NEW_YORK) -> Week:
    return Week(
        [
            Span(day, opening_times.minutes(start), opening_times.minutes(end))
            for day, start, end in spans
        ],
        zone,
    )


def utc(said: str) -> datetime:
    return datetime.fromisoformat(said).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-11-23T13:59:59", False),
        ("2026-11-23T14:00", True),
        ("2026-11-23T21:59:59", True),
        ("2026-11-23T22:00", False),
        ("2026-11-24T15:00", False),
        ("2026-07-06T13:00", True),  # in summer
    ],
)
def test_it_is_open_from_its_first_minute_to_before_its_last(at: str, expected: bool) -> None:
    assert week((MONDAY, "09:00", "17:00")).is_open(utc(at)) is expected


def test_it_opens_next_on_the_next_of_its_days_at_its_own_wall_time() -> None:
    office = week((MONDAY, "09:00", "12:00"), (MONDAY, "13:00", "17:00"))
    assert office.opens_at(utc("2026-11-23T17:30")) == utc("2026-11-23T18:00")
    assert office.opens_at(utc("2026-10-27T12:00")) == utc("2026-11-02T14:00")
    assert office.opens_at(utc("2026-11-23T15:00")) is None
    assert week().opens_at(utc("2026-11-23T15:00")) is None


def test_a_day_until_24_00_and_the_next_from_00_00_are_one_night() -> None:
    office = week((SUNDAY, "22:00", "24:00"), (MONDAY, "00:00", "02:00"))
    night = [utc("2026-11-23T02:59") + timedelta(minutes=each) for each in (0, 1, 121, 240, 241)]
    assert [office.is_open(at) for at in night] == [False, True, True, True, False]


def test_an_hour_that_is_left_out_in_spring_opens_with_the_change() -> None:
    """On 8 March 2026 New York's clocks go from 2:00 to 3:00, which is 7:00 UTC."""
    office = week((SUNDAY, "02:30", "05:00"))
    assert office.opens_at(utc("2026-03-08T06:00")) == utc("2026-03-08T07:00")
    assert [office.is_open(utc(f"2026-03-08T{at}")) for at in ("06:59", "07:00", "08:59")] == [
        False,
        True,
        True,
    ]
    assert not office.is_open(utc("2026-03-08T09:00"))


def test_a_span_within_the_hour_that_is_left_out_opens_a_week_later() -> None:
    office = week((SUNDAY, "02:10", "02:50"))
    assert office.opens_at(utc("2026-03-08T05:00")) == utc("2026-03-15T06:10")


def test_an_hour_that_comes_twice_in_autumn_is_open_twice() -> None:
    """On 1 November 2026 New York's clocks go from 2:00 back to 1:00, which is 6:00 UTC."""
    office = week((SUNDAY, "01:30", "01:45"), (SUNDAY, "23:00", "24:00"))
    assert office.opens_at(utc("2026-11-01T05:00")) == utc("2026-11-01T05:30")
    assert [office.is_open(utc(f"2026-11-01T{at}")) for at in ("05:30", "06:44", "06:45")] == [
        True,
        True,
        False,
    ]


SPANS = st.builds(
    lambda day, start, length: Span(day, start, min(start + length, opening_times.DAY)),
    st.integers(1, 7),
    st.integers(0, opening_times.DAY - 1),
    st.integers(1, opening_times.DAY),
)
ZONES = st.sampled_from(["America/New_York", "Australia/Lord_Howe", "Asia/Beirut", "UTC"])
YEAR = st.integers(0, 366 * 24 * 60).map(lambda each: utc("2026-01-01") + timedelta(minutes=each))


@settings(max_examples=150, deadline=None)
@given(st.lists(SPANS, min_size=1, max_size=6), ZONES.map(ZoneInfo), YEAR)
def test_a_closed_office_is_closed_until_it_opens_and_open_then(
    spans: list[Span], zone: ZoneInfo, at: datetime
) -> None:
    office = Week(spans, zone)
    opens_at = office.opens_at(at)
    assert office.is_open(at) is (opens_at is None)
    if opens_at is not None:
        assert office.is_open(opens_at)
        assert not office.is_open(opens_at - timedelta(seconds=1))


@pytest.mark.parametrize(
    ("spans", "said"),
    [
        ([Span(1, 540, 540)], "09:00 is not before 09:00"),
        ([Span(1, 1320, 60)], "as two spans"),
        ([Span(1, 540, 720), Span(1, 700, 800)], "09:00-12:00 and 11:40-13:20 overlap"),
        ([Span(1, 60 * each, 60 * each + 30) for each in range(4)], "more than 3 spans"),
    ],
)
def test_a_week_that_contradicts_itself_is_told_so(spans: list[Span], said: str) -> None:
    assert said in str(opening_times.fault(spans))


def test_spans_that_touch_do_not_overlap() -> None:
    assert (
        opening_times.fault([Span(1, 540, 720), Span(1, 720, 800), Span(2, 0, opening_times.DAY)])
        is None
    )
