"""Every zone that a North American number may lie in is known, whatever its exchange."""

from zoneinfo import ZoneInfo

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers.tzdata import TIMEZONE_DATA

from koinonia.common import phone
from koinonia.common.phone import area_zones

NOT_A_PLACE = ("Etc/Unknown",)
IN_SERVICE = sorted(
    code
    for number in range(200, 1000)
    if (code := str(number)) in area_zones.by_area()
    and phonenumbers.is_valid_number(phonenumbers.parse(f"+1{code}2345678"))
)


def zones(code: str, exchange: str) -> set[str]:
    return set(phone.zones(f"+1{code}{exchange}0185"))


def listed(code: str) -> set[str]:
    """All zones of which any exchange of the code is said to be."""
    found = (each for prefix, each in TIMEZONE_DATA.items() if prefix[:4] == f"1{code}")
    return set().union(*found)


@pytest.mark.parametrize("code", ["219", "270", "574", "812", "850", "906", "930", "364", "448"])
def test_an_exchange_that_is_not_listed_is_in_all_zones_of_its_code(code: str) -> None:
    assert zones(code, "555") >= {"America/Chicago", "America/New_York"}


def test_an_exchange_that_is_listed_is_where_it_is_listed() -> None:
    prefix, expected = next(
        (prefix, set(found))
        for prefix, found in TIMEZONE_DATA.items()
        if prefix.startswith("1219")
        if len(prefix) == 7
    )
    assert zones("219", prefix[4:]) == expected


@pytest.mark.parametrize("group", area_zones.OVERLAYS, ids="-".join)
def test_an_overlay_is_in_the_zones_of_what_it_overlays(group: tuple[str, ...]) -> None:
    assert {area_zones.by_area()[code] for code in group} == {area_zones.by_area()[group[0]]}
    assert set(area_zones.by_area()[group[0]]) >= listed(group[0])


@given(st.sampled_from(IN_SERVICE), st.integers(200, 999))
def test_of_any_code_in_service_and_any_exchange_zones_are_known(code: str, exchange: int) -> None:
    found = zones(code, str(exchange))
    assert found
    assert all(ZoneInfo(zone) for zone in found)
    if f"1{code}{exchange}" not in TIMEZONE_DATA:
        assert found >= listed(code) or any(
            f"1{code}{str(exchange)[:cut]}" in TIMEZONE_DATA for cut in (1, 2)
        )


def test_nearly_all_codes_of_the_plan_are_in_the_table() -> None:
    assert len(IN_SERVICE) > 380
