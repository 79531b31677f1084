"""The clock, and how tests move it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfoNotFoundError

import pytest

from koinonia.common import clock

NEW_YEAR = datetime(2026, 1, 1, 3, 30, tzinfo=UTC)


def test_now_is_aware_and_in_utc() -> None:
    assert clock.now().tzinfo is UTC


def test_a_frozen_clock_stands_still_and_then_runs_on() -> None:
    with clock.freeze(NEW_YEAR):
        assert clock.now() == clock.now() == NEW_YEAR
    assert clock.now() != NEW_YEAR


def test_a_shift_moves_a_frozen_clock() -> None:
    with clock.freeze(NEW_YEAR), clock.shift(timedelta(hours=2)), clock.shift(timedelta(hours=1)):
        assert clock.now() == NEW_YEAR + timedelta(hours=3)


def test_the_clock_runs_on_after_a_failure_inside_a_shift() -> None:
    with pytest.raises(RuntimeError), clock.shift(timedelta(days=400)):
        raise RuntimeError
    assert clock.now() - datetime.now(UTC) < timedelta(days=1)


def test_today_is_the_day_where_the_church_is() -> None:
    with clock.freeze(NEW_YEAR):
        assert clock.today("America/Chicago") == date(2025, 12, 31)
        assert clock.today("Europe/Berlin") == date(2026, 1, 1)


def test_an_unknown_zone_is_an_error() -> None:
    with pytest.raises(ZoneInfoNotFoundError):
        clock.today("America/Springfield")


def test_a_time_without_a_zone_cannot_be_frozen() -> None:
    with pytest.raises(ValueError, match="time zone"), clock.freeze(datetime(2026, 1, 1)):  # noqa: DTZ001
        pass
