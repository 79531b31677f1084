"""An input takes what it declares, as it declares it; everything else is refused."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import AwareDatetime, Field, NaiveDatetime, ValidationError

from koinonia.common.schema import Change, Clearable, Input, Omittable


class Place(Input):
    local_time: NaiveDatetime


class Visit(Input):
    is_here: bool = False
    how_many: int = 1
    share: float = 0.5
    at: AwareDatetime | None = None
    begins: datetime | None = None
    place: Place | None = None
    places: list[Place] = Field(default_factory=list)
    by_name: dict[str, Place] = Field(default_factory=dict)
    ids: list[UUID] = Field(default_factory=list)


class VisitChange(Change):
    name: Omittable[str] = None
    note: Clearable[str] = None
    at: Omittable[AwareDatetime] = Field(default=None, description="when")


WALL = datetime.fromisoformat("2027-01-03T12:00")
NOON = "2027-01-03T12:00:00"


@pytest.mark.parametrize(
    "said",
    [
        {"isHere": True, "howMany": 5, "share": 1},
        {"at": f"{NOON}Z", "begins": f"{NOON}.5-05:00"},
        {"place": {"localTime": NOON}, "places": [{"localTime": NOON}]},
        {"byName": {"home": {"localTime": "2027-01-03T12:00"}}},
        {"ids": ["0199a1c2-7d3e-7abc-8def-0123456789ab"]},
        {"howMany": 5.0},  # a whole number in JSON Schema, and some languages write it so
    ],
)
def test_what_json_says_is_taken(said: dict[str, Any]) -> None:
    assert Visit.model_validate(said).model_dump(by_alias=True, include=_fields(said))


@pytest.mark.parametrize(
    "said",
    [
        {"isHere": "false"},
        {"isHere": 1},
        {"isHere": None},
        {"howMany": "5"},
        {"howMany": True},
        {"howMany": 5.5},
        {"share": "0.5"},
        {"at": 0},
        {"at": "1767441600"},
        {"at": "2027-01-03"},
        {"at": NOON},
        {"begins": NOON},
        {"begins": 1767441600},
        {"place": {"localTime": f"{NOON}Z"}},
        {"places": [{"localTime": 0}]},
        {"byName": {"home": {"localTime": f"{NOON}+01:00"}}},
        {"ids": [7]},
        {"is_here": True},
        {"isHere": True, "ishere": True},
        {"place": {"localTime": NOON, "timeZone": "UTC"}},
    ],
)
def test_what_is_meant_as_something_else_is_refused(said: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Visit.model_validate(said)


def test_a_change_knows_what_was_sent() -> None:
    assert VisitChange.model_validate({}).sent() == {}
    assert VisitChange.model_validate({"note": None}).sent() == {"note": None}
    assert VisitChange.model_validate({"name": "Ann"}).sent() == {"name": "Ann"}


@pytest.mark.parametrize("name", ["name", "at"])
def test_what_cannot_be_cleared_cannot_be_null(name: str) -> None:
    with pytest.raises(ValidationError):
        VisitChange.model_validate({name: None})


def test_the_schema_says_what_can_be_null_and_that_nothing_else_is_known() -> None:
    schema = VisitChange.model_json_schema()
    assert schema["additionalProperties"] is False
    assert schema["properties"]["name"] == {"title": "Name", "type": "string"}
    assert {"type": "null"} in schema["properties"]["note"]["anyOf"]
    assert "required" not in schema


def test_code_of_ours_builds_an_input_from_names() -> None:
    made = Visit.from_names(is_here=True, place={"local_time": WALL})
    assert (made.is_here, made.place and made.place.local_time.year) == (True, 2027)


def _fields(said: dict[str, Any]) -> set[str]:
    return {name for name, each in Visit.model_fields.items() if each.alias in said}


dates = st.tuples(st.integers(0, 9999), st.integers(1, 12), st.integers(1, 28))


@given(dates, st.sampled_from(["Z", "+14:00", "-12:00"]))
def test_every_date_that_is_taken_can_be_shown_in_every_zone(
    day: tuple[int, int, int], offset: str
) -> None:
    written = "{:04}-{:02}-{:02}T00:00:00".format(*day)
    for said in ({"at": written + offset}, {"place": {"localTime": written}}):
        try:
            taken = Visit.model_validate(said)
        except ValidationError:
            assert not 1900 <= day[0] <= 2200
            continue
        at = taken.at or (taken.place and taken.place.local_time.replace(tzinfo=UTC))
        assert at
        assert 1900 <= day[0] <= 2200
        assert at.astimezone(ZoneInfo("Pacific/Kiritimati")) == at
        assert at.astimezone(ZoneInfo("Pacific/Pago_Pago")) == at
