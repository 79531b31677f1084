"""Encoding and parts: against published vectors, and for any text."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from koinonia.carriers import segments
from koinonia.carriers.segments import Encoding

VECTORS = json.loads((Path(__file__).parent / "vectors/sms_segment_vectors.json").read_text())

# Letters of one unit and of two, in both encodings, and texts long enough for several parts.
LETTERS = st.one_of(st.sampled_from("aé€{^|\n'’😀α\u200b\u0301"), st.characters(codec="utf-8"))
GSM = st.text(st.sampled_from(sorted(segments.GSM)), max_size=900)
TEXTS = st.one_of(st.text(LETTERS, max_size=700), GSM)


def _text(vector: dict[str, Any]) -> str:
    if "text" in vector:
        return str(vector["text"])
    return "".join(letter * count for letter, count in vector["text_runs"])


@pytest.mark.parametrize("vector", VECTORS["vectors"], ids=lambda vector: vector["name"])
def test_a_text_is_cut_as_the_standard_says(vector: dict[str, Any]) -> None:
    measured = segments.measure(_text(vector))

    assert measured.encoding == vector["encoding"]
    assert measured.units == vector["units"]
    assert measured.parts == vector["segments"]
    assert list(measured.units_per_part) == vector["units_per_segment"]


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("A" * 161, [153, 8]),
        ("A" * 307, [153, 153, 1]),
        ("A" * 1531, [153] * 10 + [1]),
        ("€" * 81, [152, 10]),
        ("A" * 155 + "|||", [153, 8]),
        ("α" * 71, [67, 4]),
        ("😀" * 36, [66, 6]),
    ],
)
def test_a_text_just_too_long_begins_another_part(text: str, filled: list[int]) -> None:
    assert list(segments.measure(text).units_per_part) == filled


def test_the_alphabet_is_the_standard_one() -> None:
    basic = VECTORS["basic"].replace("\x1b", "")

    assert segments.measure(basic).units == len(basic)
    assert segments.measure("".join(VECTORS["extension"])).units == 2 * len(VECTORS["extension"])
    assert segments.measure("\x1b").encoding is Encoding.UCS_2


@given(TEXTS)
def test_the_parts_of_any_text_make_the_text_again(text: str) -> None:
    assert "".join(segments.split(text)) == text


@given(TEXTS)
def test_no_part_is_overfull_and_none_could_take_the_next_letter(text: str) -> None:
    measured, parts = segments.measure(text), segments.split(text)
    alone, together = segments.ROOM[measured.encoding]
    widths = [_units(part, measured.encoding) for part in parts]

    assert widths == list(measured.units_per_part)
    assert sum(widths) == measured.units
    assert max(widths, default=0) <= (alone if len(parts) < 2 else together)
    for width, following in zip(widths, parts[1:], strict=False):
        assert width + _units(following[0], measured.encoding) > together


def texts(letters: str) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(letters), min_size=60, max_size=400).map("".join)


@given(texts("a€[ñ"))
def test_no_escape_is_split(text: str) -> None:
    assert segments.measure(text).encoding is Encoding.GSM_7
    assert sum(map(len, map(_septets, segments.split(text)))) == len(_septets(text))


@given(texts("a€😀α").map("😀{}".format))
def test_no_surrogate_pair_is_split(text: str) -> None:
    assert segments.measure(text).encoding is Encoding.UCS_2
    for part in segments.split(text):
        assert part.encode("utf-16-le").decode("utf-16-le") == part


def test_a_hundred_thousand_short_texts_are_measured_in_well_under_a_second() -> None:
    texts = [f"Hi Anna {n}, the picnic is on Sunday at noon. Bring a dish." for n in range(100_000)]
    begun = time.process_time()
    assert {segments.measure(text).parts for text in texts} == {1}
    assert time.process_time() - begun < 1


def _units(text: str, encoding: Encoding) -> int:
    return len(_septets(text)) if encoding is Encoding.GSM_7 else len(text.encode("utf-16-le")) // 2


def _septets(text: str) -> str:
    return "".join(f"\x1b{c}" if c in segments.EXTENSION else c for c in text)
