"""Sets of values that cost the same are measured once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from koinonia.common import db
from koinonia.common.testing import probe
from koinonia.messaging.composing import template_text, text_parts
from koinonia.messaging.messages import part_counts

VALUES = ("Ada", "Bob", "O'H", "Zoë", "A{b", "日本語", "a b", "a  b", "ab ", "3", None)
PLAIN = st.from_regex(r"[-A-Za-z0-9.,']{1,6}( [-A-Za-z0-9.,']{1,6}){0,3}", fullmatch=True)
WORDS = st.text("xyz €{😀é’\n", max_size=340)


async def shapes_of(database: db.Database, content: str) -> dict[str | None, str]:
    """The shape of each of the values in the place of the one field."""
    template = template_text.parse(content)
    async with database.transaction() as session:
        rows = await probe.rows(
            session,
            f"""
            SELECT value, {part_counts.shape(template)} AS shape
              FROM (SELECT value, ARRAY[value] AS merge_values
                      FROM unnest(CAST(:values AS text[])) AS given (value)) AS given
            """,
            {"values": list(VALUES)},
        )
    return {row.value: row.shape for row in rows}


async def test_of_plain_values_only_the_length_counts(database: db.Database) -> None:
    known = await shapes_of(database, "Hi {{firstName}}")
    assert known["Ada"] == known["Bob"] == known["O'H"] == known["a b"] == "{3}"
    others = {value: shape for value, shape in known.items() if shape != "{3}"}
    assert len(set(others.values())) == len(others) == 7


async def test_what_would_melt_into_the_text_counts_as_it_is(database: db.Database) -> None:
    known = await shapes_of(database, "Hi {{firstName}}\u0301")
    assert len(set(known.values())) == len(VALUES)


@given(words=st.tuples(WORDS, WORDS, WORDS), one=PLAIN, other=PLAIN)
def test_plain_values_of_one_length_cost_the_same_in_any_text(
    words: tuple[str, str, str], one: str, other: str
) -> None:
    letters = max(len(one), len(other))
    before, between, after = (text.replace("{", "(") for text in words)
    template = template_text.parse(f"{before}{{{{firstName}}}}{between}{{{{lastName|x}}}}{after}")
    values = [(text.ljust(letters, "e"), text.ljust(letters, "e")) for text in (one, other)]
    first, second = text_parts.costs(template, values, has_media=False)
    assert first == second


@pytest.mark.parametrize("content", ["Hello", "Hi {{firstName}}", "{{firstName}} {{lastName|x}}"])
def test_a_shape_is_one_text_whatever_the_number_of_fields(content: str) -> None:
    assert part_counts.shape(template_text.parse(content)).startswith("CAST(")
