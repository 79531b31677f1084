"""Phone numbers: what is accepted, what is said about the rest, what is stored."""

import base64
import re
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from koinonia.common import errors, phone
from koinonia.common.crypto import BadKey, SealBroken

KEYS = "k1:" + base64.b64encode(b"a" * 32).decode()
INDEX_KEY = base64.b64encode(b"b" * 32).decode()
PHONES = phone.Phones.from_settings(KEYS, INDEX_KEY)
CHURCH = UUID("0192f0c1-0000-7000-8000-000000000001")


@pytest.mark.parametrize(
    "raw",
    [
        "+12025550142",
        "2025550142",
        "(202) 555-0142",
        " 202.555.0142 ",
        "1-202-555-0142",
        "+1 (202) 555‑0142",
        "tel:+1-202-555-0142",
        "２０２５５５０１４２",
    ],
)
def test_a_number_is_read_however_people_write_it(raw: str) -> None:
    assert phone.parse(raw) == "+12025550142"


@pytest.mark.parametrize(
    ("raw", "e164"),
    [
        ("+44 7911 123456", "+447911123456"),
        ("011 44 7911 123456", "+447911123456"),
        ("+1 800 234 5678", "+18002345678"),
    ],
)
def test_a_number_from_abroad_or_toll_free_is_accepted(raw: str, e164: str) -> None:
    assert phone.parse(raw) == e164


def test_the_region_decides_how_a_national_number_is_read() -> None:
    assert phone.parse("07911 123456", region="GB") == "+447911123456"


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ("", "empty"),
        ("call me", "not a phone number"),
        ("5550142", "area code"),
        ("202555014", "area code"),
        ("202555014299999999", "too many digits"),
        ("(202) 155-0142", "No such phone number"),
        ("+1 202 555 0142 ext. 7", "without an extension"),
        ("1-800-FLOWERS", "digits only"),
        ("202-555-0142 or home", "digits only"),
        ("+1 900 234 5678", "premium-rate"),
    ],
)
def test_a_refused_number_is_told_what_to_do(raw: str, says: str) -> None:
    with pytest.raises(phone.InvalidPhone, match=says):
        phone.parse(raw)


def test_two_numbers_in_one_field_are_refused() -> None:
    with pytest.raises(phone.InvalidPhone):
        phone.parse("202-555-0142 / 202-555-0143")


def test_an_invalid_phone_is_a_400() -> None:
    assert issubclass(phone.InvalidPhone, errors.Invalid)
    assert phone.InvalidPhone.status == 400


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=30) | st.from_regex(r"\+?\d{3,20}"))
def test_anything_typed_is_a_number_or_a_sentence_without_it(raw: str) -> None:
    try:
        said = phone.parse(raw)
    except phone.InvalidPhone as refused:
        said = refused.message.replace("(202) 555-0142", "")
    assert re.fullmatch(r"\+[1-9]\d{4,14}|\D+", said)


@given(st.integers(100, 199))
def test_parsing_what_was_parsed_changes_nothing(last: int) -> None:
    e164 = phone.parse(f"202 555 0{last}")
    assert phone.parse(e164) == e164


def test_a_mask_keeps_the_area_and_the_last_two_digits() -> None:
    assert phone.mask("+12025550142") == "+1202•••••42"


@given(st.text("0123456789", min_size=0, max_size=15))
def test_a_mask_always_hides_at_least_four_digits(digits: str) -> None:
    masked = phone.mask("+" + digits)
    assert len(masked) == len(digits) + 1
    assert masked.count("•") >= min(4, len(digits) + 1)


def test_a_sealed_phone_opens_and_holds_no_digits_of_it() -> None:
    sealed = PHONES.seal("+12025550142")
    assert PHONES.open(sealed) == "+12025550142"
    assert sealed != PHONES.seal("+12025550142")
    assert not PHONES.needs_rotation(sealed)


@pytest.mark.parametrize("sealed", ["", "not base64!", "+12025550142", "AAAA"])
def test_what_is_not_sealed_does_not_open(sealed: str) -> None:
    with pytest.raises(SealBroken):
        PHONES.open(sealed)


def test_the_index_of_a_phone_is_text_of_fixed_length() -> None:
    assert re.fullmatch(r"[0-9a-f]{64}", PHONES.index(CHURCH, "+12025550142"))


def test_a_bad_index_key_is_named() -> None:
    with pytest.raises(BadKey, match="KOINONIA_PHONE_INDEX_KEY"):
        phone.Phones.from_settings(KEYS, "short")


def test_zones_are_those_of_the_area_code() -> None:
    assert phone.zones("+12025550142") == ["America/New_York"]
    assert phone.zones("+13125550142") == ["America/Chicago"]


def test_a_piece_of_a_number_is_found_among_those_of_the_whole() -> None:
    whole = set(PHONES.pieces(CHURCH, "+12025550142"))
    assert len(whole) == 8
    for part in ("0142", "2025", "202555", "2025550142", "12025550142"):
        assert set(PHONES.pieces(CHURCH, part)) <= whole
    assert not set(PHONES.pieces(CHURCH, "0143")) & whole


def test_pieces_are_of_one_church_and_no_part_of_an_index() -> None:
    other = UUID("0192f0c1-0000-7000-8000-000000000002")
    assert not set(PHONES.pieces(CHURCH, "+12025550142")) & set(
        PHONES.pieces(other, "+12025550142")
    )
    [piece] = PHONES.pieces(CHURCH, "0142")
    assert PHONES.index(CHURCH, "0142")[:16] != piece.to_bytes(8, "big", signed=True).hex()
