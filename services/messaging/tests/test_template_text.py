"""Merge fields: what they are, what is refused, and that nobody gets a blank."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from koinonia.messaging.composing import template_text, text_parts
from koinonia.messaging.composing.errors import (
    BadMergeField,
    FieldNeedsFallback,
    UnknownCustomField,
)

KNOWN = ["firstName", "lastName", "churchName", "smallGroup"]


def rendered(content: str, *values: str | None) -> str:
    return template_text.parse(content, KNOWN).render(values)


@pytest.mark.parametrize(
    "content", ["Hi {{firstName}}!", "Hi {{ firstName | you }}!", "Hi {{firstName|you}}!"]
)
def test_a_value_takes_the_place_of_its_field(content: str) -> None:
    assert rendered(content, "Anna") == "Hi Anna!"


@pytest.mark.parametrize("nothing", [None, "", "  ", "\t"])
def test_nobody_gets_a_blank_or_none(nothing: str | None) -> None:
    assert rendered("Hi {{firstName}}!", nothing) == "Hi friend!"
    assert rendered("Hi {{ lastName | neighbor }}!", nothing) == "Hi neighbor!"


def test_an_empty_fallback_is_none_at_all() -> None:
    assert rendered("Hi {{firstName| }}!", None) == "Hi friend!"
    with pytest.raises(FieldNeedsFallback, match="lastName"):
        rendered("Hi {{lastName|}}!", None)


def test_a_field_is_named_once_however_often_it_is_used() -> None:
    template = template_text.parse("{{firstName|you}} {{lastName|x}} {{firstName|we}}", KNOWN)
    assert template.fields == ("firstName", "lastName")
    assert template.render([None, "Rojas"]) == "you Rojas we"


@pytest.mark.parametrize("plain", ["", "{", "}", "{firstName}", "a { b } c", "{ {x} }", "|"])
def test_a_single_brace_is_a_brace(plain: str) -> None:
    assert rendered(plain) == plain


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ("Hi {{firstName", 4),
        ("Hi {{firstName}", 4),
        ("Hi firstName}}", 13),
        ("Hi {firstName}}", 14),
        ("{{}}", 1),
        ("{{|friend}}", 1),
        ("Hi {{{firstName}}}", 4),
        ("{{firstName|{{lastName}}", 1),
        ("{{firstName}} and {{", 19),
    ],
)
def test_malformed_braces_are_refused_with_their_place(content: str, place: int) -> None:
    with pytest.raises(BadMergeField, match=f"at character {place}\\.") as refused:
        template_text.parse(content, KNOWN)
    assert refused.value.details == {"position": place}


def test_unknown_names_are_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownCustomField) as refused:
        template_text.parse("{{firstname}} {{first name}} {{lastName|x}}", KNOWN)
    assert refused.value.status == 400
    assert refused.value.details == {"unknown": ["firstname", "first name"], "known": KNOWN}


def test_what_a_value_holds_is_never_filled_in_again() -> None:
    assert rendered("{{firstName}} {{lastName|x}}", "{{lastName}}", "Y") == "{{lastName}} Y"


def test_a_value_is_composed_and_has_no_control_characters() -> None:
    assert rendered("Hi {{firstName}}", "Jose\u0301\n\x00 B") == "Hi José B"
    assert rendered("e{{firstName}}", "\u0301!") == "é!"


@given(st.text(), st.text())
def test_any_value_stands_where_its_field_was(before: str, value: str) -> None:
    before = before.replace("{{", "").replace("}}", "").replace("{", "")
    text = rendered(before + "[{{firstName}}]", value)
    assert "None" not in text.removeprefix(before) or "None" in value
    assert text.removeprefix(before) != "[]"


def test_the_parts_are_those_of_each_text() -> None:
    template = template_text.parse("{{firstName}}" + "x" * 66, KNOWN)
    costs = text_parts.costs(template, [["Ann"], ["Ann’"], ["😀😀😀"], [None]], has_media=False)
    assert [cost.parts for cost in costs] == [1, 1, 2, 1]


def test_a_quote_in_a_name_can_make_three_parts_of_one() -> None:
    template = template_text.parse("{{firstName}}" + "x" * 150, KNOWN)
    assert [
        c.parts for c in text_parts.costs(template, [["Ada"], ["D’Arcy"]], has_media=False)
    ] == [
        1,
        3,
    ]


def test_a_text_with_media_is_one_part_and_may_still_be_too_long() -> None:
    template = template_text.parse("{{firstName}}" + "x" * 1590, KNOWN)
    short, long = text_parts.costs(template, [["Ada"], ["Maximilian Alexander"]], has_media=True)
    assert (short.parts, short.is_too_long, long.is_too_long) == (1, False, True)


def test_all_fields_that_somebody_has_no_value_for_are_named() -> None:
    template = template_text.parse("{{firstName}} {{lastName}} {{smallGroup}}", KNOWN)
    with pytest.raises(FieldNeedsFallback) as refused:
        text_parts.costs(template, [["Ada", "Rojas", None], ["Ben", None, None]], has_media=False)
    assert refused.value.details == {"fields": ["lastName", "smallGroup"]}


def test_a_text_without_fields_stays_as_it_is_written() -> None:
    assert template_text.accepted("{{name}} and }}", []).render() == "{{name}} and }}"
    assert template_text.accepted("Hi {{name|you}}", ["name"]).render([None]) == "Hi you"
