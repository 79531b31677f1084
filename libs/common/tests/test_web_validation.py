"""What is wrong with a request is said in the words of whoever sent it."""

import re
from enum import StrEnum
from typing import Annotated, Any, Literal, get_args
from uuid import UUID

import pytest
from pydantic import AfterValidator, Field, ValidationError
from pydantic_core import ErrorDetails
from pydantic_core.core_schema import ErrorType

from koinonia.common.errors import Invalid
from koinonia.common.schema import Input
from koinonia.common.web import sentences
from koinonia.common.web.validation import invalid

PYTHON = re.compile(
    r"<\w+\.|\bInput\b|\bNone\b|Python|dictionar|\bstring\b|instance|\btuple\b|callable|datetime|[{}']"
)
CONTEXT: dict[str, Any] = {
    **dict.fromkeys(("gt", "ge", "lt", "le", "multiple_of", "min_length", "max_length"), 3),
    **dict.fromkeys(("max_digits", "decimal_places", "whole_digits", "actual_length"), 3),
    "expected": "'open', <Status.CLOSED: 'closed'> or <Status.GONE: 'gone'>",
    "pattern": "^[a-z]$",
    "discriminator": "'kind'",
    "expected_tags": "'now', 'later'",
    "error": "Expecting value",
}


class Clock(Input):
    timezone: str
    is_right: bool = True


class Tower(Input):
    name: str
    kind: Literal["church", "school"] = "church"
    clocks: list[Clock] = Field(default_factory=list)
    best: Clock | None = None
    by_floor: dict[str, Clock] = Field(default_factory=dict)


def refused(said: dict[str, Any]) -> Invalid:
    with pytest.raises(ValidationError) as caught:
        Tower.model_validate(said)
    return invalid(
        [{**each, "loc": ("body", *each["loc"])} for each in caught.value.errors()], Tower
    )


@pytest.mark.parametrize("kind", get_args(ErrorType))
def test_no_type_of_error_is_told_in_python(kind: str) -> None:
    error = ErrorDetails(type=kind, loc=("body", "x"), msg="m", input=1, ctx=CONTEXT)
    said = sentences.sentence(error)
    assert not PYTHON.search(said.replace(CONTEXT["pattern"], ""))
    assert said.endswith(".") or kind in ("value_error", "assertion_error")


def test_a_sentence_of_ours_stays_as_it_is() -> None:
    error = ErrorDetails(type="value_error", loc=(), msg="Value error, It is late.", input=1)
    assert sentences.sentence(error) == "It is late."


@pytest.mark.parametrize(
    ("said", "field", "nearest"),
    [
        ({"name": "A", "Kind": "church"}, "Kind", "kind"),
        ({"name": "A", "by_floor": {}}, "by_floor", "byFloor"),
        ({"name": "A", "colour": "red"}, "colour", None),
        ({"name": "A", "clo": []}, "clo", "clocks"),
        ({"name": "A", "best": {"timezone": "x", "isright": 1}}, "best.isright", "isRight"),
        (
            {"name": "A", "clocks": [{"timezone": "x"}, {"timeZone": "x"}]},
            "clocks[1].timeZone",
            "timezone",
        ),
        ({"name": "A", "byFloor": {"2": {"timeZone": "x"}}}, "byFloor.2.timeZone", "timezone"),
    ],
)
def test_an_unknown_field_is_named_with_the_nearest_known_one(
    said: dict[str, Any], field: str, nearest: str | None
) -> None:
    error = refused(said)
    assert error.code == "UNKNOWN_FIELD"
    [detail] = [each for each in error.details if "nearest" in each]  # type: ignore[attr-defined]
    assert (detail["field"], detail["nearest"], detail["place"]) == (field, nearest, "body")
    assert error.message.startswith(f"{field}: There is no such field here.")
    assert (f"Did you mean {nearest}?" in error.message) is (nearest is not None)


def test_all_that_is_wrong_is_named_and_the_unknown_first() -> None:
    error = refused({"nam": "A", "kinds": "church", "best": {"timezone": 5}})
    assert [each["field"] for each in error.details] == [  # type: ignore[attr-defined]
        *("nam", "kinds"),
        *("name", "best.timezone"),
    ]
    assert "3 more under details" in error.message


def test_the_choices_are_listed_without_quotation_marks() -> None:
    assert "This must be church or school." in refused({"name": "A", "kind": "barn"}).message


def test_null_is_called_null() -> None:
    assert "This cannot be null." in refused({"name": None}).message


def test_a_name_of_any_length_is_compared_in_no_time() -> None:
    assert len(refused({"name": "A", "x" * 100_000: 1}).message) < 300


class Bell(Input):
    kind: Literal["bell"]
    hours: Annotated[list[int], Field(min_length=1)]


class Sundial(Input):
    kind: Literal["sundial"]


class Tune(Input):
    tones: Annotated[list[Annotated[int, Field(le=9)]], Field(min_length=1)]


class Chime(Input):
    """Its field is called as it is itself."""

    kind: Literal["chime"]
    chime: Tune | None = None


class Hand(StrEnum):
    SHORT = "short"
    LONG = "long"


Instrument = Annotated[Bell | Sundial | Chime, Field(discriminator="kind")]


class Workshop(Input):
    best: Instrument | None = None
    others: list[Instrument] = Field(default_factory=list)
    by_room: dict[str, Instrument] = Field(default_factory=dict)
    hands: Literal[Hand.SHORT, Hand.LONG] = Hand.LONG
    owner: Annotated[str, AfterValidator(UUID)] = ""
    notes: Annotated[str, Field(min_length=1)] = "x"


BELL = {"kind": "bell", "hours": []}


def chime(tones: list[int]) -> dict[str, Any]:
    return {"kind": "chime", "chime": {"tones": tones}}


@pytest.mark.parametrize(
    ("said", "field", "problem"),
    [
        ({"best": BELL}, "best.hours", "This must have at least 1 entry."),
        ({"others": [BELL]}, "others[0].hours", "This must have at least 1 entry."),
        ({"byRoom": {"bell": BELL}}, "byRoom.bell.hours", "This must have at least 1 entry."),
        ({"best": chime([])}, "best.chime.tones", "This must have at least 1 entry."),
        ({"others": [chime([3, 10])]}, "others[0].chime.tones[1]", "This must be at most 9."),
        ({"notes": ""}, "notes", "This must have at least 1 character."),
        ({"hands": "none"}, "hands", "This must be short or long."),
        ({"owner": "Ann"}, "owner", sentences.UNFIT),
    ],
)
def test_a_field_is_called_as_it_was_sent_and_its_problem_in_plain_words(
    said: dict[str, Any], field: str, problem: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        Workshop.model_validate(said)
    [detail] = invalid(caught.value.errors(), Workshop).details  # type: ignore[attr-defined]
    assert (detail["field"], detail["problem"]) == (field, problem)


def test_an_unknown_field_of_a_variant_is_named_at_its_place() -> None:
    with pytest.raises(ValidationError) as caught:
        Workshop.model_validate({"others": [{"kind": "sundial", "Kinds": 1}]})
    [detail] = invalid(caught.value.errors(), Workshop).details  # type: ignore[attr-defined]
    assert (detail["field"], detail["nearest"]) == ("others[0].Kinds", "kind")


class Ids(Input):
    ids: Annotated[list[UUID], Field(max_length=10)]


def test_of_a_list_of_plain_values_the_first_that_is_wrong_is_told() -> None:
    with pytest.raises(ValidationError) as refused:
        Ids.model_validate({"ids": [1] * 100_000})
    assert refused.value.error_count() == 1
