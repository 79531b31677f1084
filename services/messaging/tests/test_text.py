"""Encoding and parts, against published vectors."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from koinonia.messaging import text

VECTORS = json.loads((Path(__file__).parent / "vectors/sms_segment_vectors.json").read_text())


def _text(vector: dict[str, Any]) -> str:
    if "text" in vector:
        return str(vector["text"])
    return "".join(letter * count for letter, count in vector["text_runs"])


@pytest.mark.parametrize("vector", VECTORS["vectors"], ids=lambda vector: vector["name"])
def test_a_text_is_cut_as_the_standard_says(vector: dict[str, Any]) -> None:
    measured = text.measure(_text(vector))

    assert measured.encoding == vector["encoding"]
    assert measured.units == vector["units"]
    assert measured.parts == vector["segments"]
    assert list(measured.units_per_part) == vector["units_per_segment"]


def test_the_alphabet_is_the_standard_one() -> None:
    basic = VECTORS["basic"].replace("\x1b", "")

    assert text.measure(basic).units == len(basic)
    assert text.measure("".join(VECTORS["extension"])).units == 2 * len(VECTORS["extension"])
    assert text.measure("\x1b").encoding is text.Encoding.UCS_2


@given(st.text(max_size=800))
def test_no_part_is_overfull_and_no_unit_is_lost(given_text: str) -> None:
    measured = text.measure(given_text)
    full = 153 if measured.encoding is text.Encoding.GSM_7 else 67

    assert sum(measured.units_per_part) == measured.units
    assert measured.parts <= 1 or max(measured.units_per_part) <= full
