"""What is read of a phone as people and programs write it into a cell."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from koinonia.common.files import spreadsheet_cells
from koinonia.common.phone import InvalidPhone
from koinonia.messaging.people.imports import phone_cells
from koinonia.messaging.people.imports.row_reasons import RowCode, Unusable

ADA, BO = "+15125550142", "+15125550143"


@pytest.mark.parametrize(
    "cell",
    [
        "5.125550142E+9",
        "5.125550142e+09",
        "5,125550142E+09",
        "1.5125550142E+10",
        "512-555-0142 (Ann's cell)",
        "(512) 555-0142 Ann's",
        "Ann cell 512-555-0142",
        "cell: 512.555.0142 (Mom)",
        "512/555-0142",
        "H: 512 555 0142 (home)",
        "512-555-0142 (celular de Ann)",
        "+1 512 555 0142 (Ann’s)",
    ],
)
def test_a_number_that_is_certain_is_taken(cell: str) -> None:
    assert phone_cells.read(cell) == (ADA, None)


@pytest.mark.parametrize(
    ("cell", "number", "code"),
    [
        ("512-555-0142 / 512-555-0143", ADA, RowCode.OTHER_PHONES_LEFT_OUT),
        ("512-555-0142, 512-555-0143", ADA, RowCode.OTHER_PHONES_LEFT_OUT),
        ("(512) 555-0142 or (512) 555-0143", ADA, RowCode.OTHER_PHONES_LEFT_OUT),
        ("512-555-0142\n512-555-0143", ADA, RowCode.OTHER_PHONES_LEFT_OUT),
        ("H 512-555-0142, C 512-555-0143", BO, RowCode.OTHER_PHONES_LEFT_OUT),
        ("512-555-0142 (home); 512-555-0143 (cell)", BO, RowCode.OTHER_PHONES_LEFT_OUT),
        ("512-555-0142 x12; 512-555-0143", BO, RowCode.OTHER_PHONES_LEFT_OUT),
        ("512-555-0142 ext. 12", ADA, RowCode.EXTENSION_LEFT_OUT),
        ("512-555-0142 x12", ADA, RowCode.EXTENSION_LEFT_OUT),
        ("(512) 555-0142, Ext 7", ADA, RowCode.EXTENSION_LEFT_OUT),
        ("512-555-0142 / 555-0143", ADA, None),
    ],
)
def test_what_was_left_out_of_a_cell_is_said(cell: str, number: str, code: RowCode | None) -> None:
    found = phone_cells.read(cell)
    assert (found.number, found.note and found.note.code) == (number, code)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("512-555-0142 (wrong number)", RowCode.PHONE_WITH_WORDS),
        ("do not text 512-555-0142", RowCode.PHONE_WITH_WORDS),
        ("512-555-0142 (old)", RowCode.PHONE_WITH_WORDS),
        ("512-555-0142 fax", RowCode.PHONE_WITH_WORDS),
        ("512-555-0142 after 5 pm", RowCode.PHONE_WITH_WORDS),
        ("5.12555E+9", RowCode.PHONE_SHORTENED),
        ("5.12555014E+09", RowCode.PHONE_SHORTENED),
    ],
)
def test_what_may_be_the_wrong_number_is_refused_with_its_reason(cell: str, code: RowCode) -> None:
    with pytest.raises(Unusable) as refused:
        phone_cells.read(cell)
    assert refused.value.reason.code is code
    assert "5550142" not in refused.value.reason.sentence.replace("-", "")


@given(st.text(alphabet="0123456789 +-().,;/xE#'abcelnot\n", max_size=40))
def test_a_cell_is_read_or_refused_and_never_a_fault(cell: str) -> None:
    with suppress(InvalidPhone, Unusable):
        assert phone_cells.read(cell).number.startswith("+")


NUMBERS = st.integers(0, 99).map(lambda tail: f"51255501{tail:02}")
FORMS = st.sampled_from(["({}) {}-{}", "{}-{}-{}", "{}.{}.{}", "{} {} {}", "+1 {} {}-{}", "{}{}{}"])
LABELS = st.sampled_from(["", " (cell)", " (Ann's)", " mobile", " (home)", " Mom"])


@given(NUMBERS, FORMS, LABELS)
def test_a_number_with_a_label_is_that_number(digits: str, form: str, label: str) -> None:
    cell = form.format(digits[:3], digits[3:6], digits[6:]) + label
    assert phone_cells.read(cell).number == f"+1{digits}"


@given(st.text(max_size=20).map(str.strip))
def test_a_cell_that_we_wrote_for_a_spreadsheet_is_read_as_it_was(cell: str) -> None:
    begins = cell.startswith(("'", '="'))
    assert begins or phone_cells.unmarked(spreadsheet_cells.harmless(cell)) == cell
