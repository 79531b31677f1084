"""Reading a file, without a database: the arithmetic, and the short way for phone numbers."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from koinonia.common import db, phone
from koinonia.common.phone import InvalidPhone
from koinonia.messaging.people.imports import candidates, us_numbers
from koinonia.messaging.people.imports.candidates import RowOutcome

from . import factories

CHURCH = db.uuid7()
COLUMNS = ("firstName", "lastName", "phone", "email", "groups")

fields = st.one_of(
    st.sampled_from(
        ["", "Ada", "ada", "Bo", "2025550101", "(202) 555-0101", "+12025550102", "x@y.z"]
    ),
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12),
)
tables = st.lists(st.lists(fields, min_size=0, max_size=6), max_size=25)


def _file(rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([COLUMNS, *rows])
    return text.getvalue().encode()


@given(tables)
def test_every_row_is_told_once_and_every_person_comes_from_one_row(rows: list[list[str]]) -> None:
    gathered = candidates.gather(_file(rows), CHURCH, factories.PHONES)
    filled = [n for n, row in enumerate(rows, start=2) if any(map(str.strip, row))]
    assert [line.row for line in gathered.lines] == filled
    failed = sum(line.outcome is RowOutcome.FAILED for line in gathered.lines)
    twins = sum(len(person.twins or ()) for person in gathered.people)
    assert failed + twins + len(gathered.people) == len(filled)


@given(tables)
def test_no_two_people_of_a_file_have_the_same_phone_and_name(rows: list[list[str]]) -> None:
    people = candidates.gather(_file(rows), CHURCH, factories.PHONES).people
    assert len({(person.phone_index, person.first_key) for person in people}) == len(people)


digits = st.text("0123456789", min_size=9, max_size=11)
written = st.one_of(
    st.from_regex(us_numbers.PLAIN, fullmatch=True),
    st.builds(
        "{}{}{}{}{}".format,
        st.sampled_from(["", "+", "+1", "1", "+1 ", "(", "+44", "1-", "001"]),
        st.sampled_from(
            ["202", "900", "800", "555", "416", "500", "710", "911", "209", "212", "20"]
        ),
        st.sampled_from(["", ") ", "-", ".", " ", "/"]),
        st.sampled_from(["555", "950", "911", "200", "1"]),
        st.sampled_from(["0142", "-0142", ".0142", "01", "0142 x5", "O142"]),
    ),
    digits,
    st.text(max_size=15),
)


@given(written)
def test_the_short_way_reads_a_number_as_the_library_does(raw: str) -> None:
    assert _outcome(us_numbers.e164, raw) == _outcome(phone.parse, raw)


def _outcome(parse: object, raw: str) -> str:
    assert callable(parse)
    try:
        return str(parse(raw))
    except InvalidPhone as problem:
        return problem.message


@pytest.mark.parametrize(
    "raw", ["2025550142", "(202) 555-0142", "+1 202.555.0142", "1-202-555-0142"]
)
def test_plain_us_numbers_go_the_short_way(raw: str) -> None:
    assert us_numbers.PLAIN.fullmatch(raw)
    assert us_numbers.e164(raw) == "+12025550142"
