"""Quiet hours, by the vectors and at the edges: pure."""

import json
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from koinonia.messaging.timing import quiet_hours
from koinonia.messaging.timing.quiet_hours import Window

VECTORS = json.loads((Path(__file__).parent / "quiet_hours_vectors.json").read_text())
CHICAGO = "America/Chicago"
ZONES = ["", CHICAGO, "America/Boise,America/Los_Angeles", "Pacific/Honolulu", "Pacific/Guam"]
instants = some.datetimes(
    datetime(2026, 1, 1),  # noqa: DTZ001
    datetime(2027, 12, 31),  # noqa: DTZ001
    timezones=some.just(UTC),
)


# libphonenumber knows these exchanges by no entry of their own and gives the zone of most people.
EVERY_ZONE = {
    "+18505550100": {"America/Chicago", "America/New_York"},
    "+19075550100": {*("America/Adak", "America/Anchorage", "America/Juneau", "Pacific/Honolulu")},
}


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize("vector", VECTORS["vectors"], ids=lambda vector: vector["note"])
def test_every_zone_of_a_phone_must_allow_a_text(vector: dict[str, object]) -> None:
    zones = quiet_hours.joined(vector["timezones"])  # type: ignore[arg-type]
    at = utc(str(vector["utc"]))
    assert quiet_hours.is_open(at, zones, CHICAGO) is vector["allowed_8_21"]


@pytest.mark.parametrize(("phone", "known"), VECTORS["phone_to_timezones"].items())
def test_a_number_tells_its_zones_unless_it_is_toll_free(phone: str, known: dict[str, int]) -> None:
    told = {*filter(None, quiet_hours.phone_zones(phone).split(","))}
    assert told == EVERY_ZONE.get(
        phone, set(known["timezones"] if known["type"] not in (3, 99) else [])
    )


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        ("2026-03-08T04:30:00Z", "2026-03-08T13:00:00Z"),  # the night that is an hour shorter
        ("2026-11-01T04:30:00Z", "2026-11-01T14:00:00Z"),  # the night that is an hour longer
        ("2026-07-15T02:00:00Z", "2026-07-15T13:00:00Z"),  # 21:00 is over
        ("2026-07-15T01:59:59Z", "2026-07-15T01:59:59Z"),
    ],
)
def test_the_hours_open_at_eight_in_the_morning_whatever_the_night(at: str, opens: str) -> None:
    assert quiet_hours.opening(utc(at), CHICAGO, "America/New_York") == utc(opens)


def test_an_unknown_zone_is_the_churchs() -> None:
    assert quiet_hours.opening(utc("2026-07-15T12:30:00Z"), "", CHICAGO) == utc(
        "2026-07-15T13:00:00Z"
    )


def test_zones_that_no_hour_suits_count_as_unknown() -> None:
    everywhere = "Europe/London,Pacific/Guam,Pacific/Honolulu"
    at = utc("2026-07-15T12:30:00Z")
    assert quiet_hours.opening(at, everywhere, CHICAGO) == utc("2026-07-15T13:00:00Z")


def test_a_church_may_narrow_the_hours() -> None:
    afternoon = Window(time(13), time(18))
    at = utc("2026-07-15T15:00:00Z")
    assert quiet_hours.opening(at, CHICAGO, CHICAGO, afternoon) == utc("2026-07-15T18:00:00Z")


def test_what_hours_cut_off_leaves_in_the_morning() -> None:
    evening = utc("2026-07-15T01:00:00Z")  # 20:00 in Chicago; 3,600 texts go before 21:00
    finished = quiet_hours.finish(evening, 1.0, {CHICAGO: 5400}, CHICAGO)
    assert finished == utc("2026-07-15T13:30:00Z")


def test_texts_of_two_zones_share_the_rate() -> None:
    evening = utc("2026-07-15T00:00:00Z")  # an hour is left in New York, two in Chicago
    texts = {CHICAGO: 3600, "America/New_York": 3600}
    finished = quiet_hours.finish(evening, 1.0, texts, CHICAGO)
    assert finished == utc("2026-07-15T12:30:00Z")


@given(instants, some.sampled_from(ZONES), some.integers(8, 17), some.integers(4, 13))
def test_an_opening_is_open_and_nothing_before_it(
    at: datetime, zones: str, start: int, hours: int
) -> None:
    window = Window(time(start), time(min(21, start + hours)))
    opening = quiet_hours.opening(at, zones, CHICAGO, window)
    names = zones.split(",") if zones else [CHICAGO]
    assert all(window.includes(opening.astimezone(ZoneInfo(name)).time()) for name in names)
    if opening > at:
        just_before = opening - timedelta(seconds=1)
        assert not quiet_hours.is_open(max(at, just_before), zones, CHICAGO, window)
