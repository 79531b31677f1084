"""Sealed values and blind indexes."""

import base64
import hmac
import os
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from koinonia.common.crypto import BadKey, BlindIndex, KeyRing, SealBroken, decode_key

K1, K2 = (base64.b64encode(bytes([n]) * 32).decode() for n in (1, 2))
OLD = KeyRing.parse(f"k1:{K1}")
ROTATED = KeyRing.parse(f"k2:{K2}, k1:{K1}")
GRACE = UUID("0192f0c1-0000-7000-8000-000000000001")
HOPE = UUID("0192f0c1-0000-7000-8000-000000000002")


@given(st.binary(max_size=200), st.binary(max_size=20))
def test_what_was_sealed_opens_again(plaintext: bytes, context: bytes) -> None:
    assert ROTATED.open(ROTATED.seal(plaintext, context), context) == plaintext


@given(st.data())
def test_a_change_of_any_bit_breaks_the_seal(data: st.DataObject) -> None:
    sealed = bytearray(ROTATED.seal(b"+12025550142", b"phone"))
    place = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[place // 8] ^= 1 << place % 8
    with pytest.raises(SealBroken):
        ROTATED.open(bytes(sealed), b"phone")


@given(st.binary(max_size=100))
def test_bytes_that_were_never_sealed_are_refused(noise: bytes) -> None:
    with pytest.raises(SealBroken):
        ROTATED.open(noise)


def test_a_value_sealed_for_another_context_does_not_open() -> None:
    with pytest.raises(SealBroken):
        OLD.open(OLD.seal(b"secret", b"phone"), b"email")


def test_the_same_value_is_sealed_differently_each_time() -> None:
    assert OLD.seal(b"x") != OLD.seal(b"x")


def test_an_old_key_opens_and_asks_for_rotation() -> None:
    sealed = OLD.seal(b"x")
    assert ROTATED.open(sealed) == b"x"
    assert ROTATED.needs_rotation(sealed)
    assert not ROTATED.needs_rotation(ROTATED.seal(ROTATED.open(sealed)))


def test_a_key_that_left_the_ring_opens_nothing() -> None:
    with pytest.raises(SealBroken, match="not in the ring"):
        OLD.open(ROTATED.seal(b"x"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        (K1, "Entry 1"),
        (f"k2:{K2},{K1}:k1", "Entry 2"),
        (f"k1:{K1},k1:{K2}", "k1 twice"),
        ("k1:" + base64.b64encode(b"short").decode(), "Key k1 has 5 bytes"),
        ("k1:not base64!", "Key k1 is not base64"),
    ],
)
def test_a_bad_ring_is_named_and_not_shown(text: str, says: str) -> None:
    with pytest.raises(BadKey, match=says) as refused:
        KeyRing.parse(text)
    assert K1 not in str(refused.value)


def test_a_key_may_be_url_safe_and_without_padding() -> None:
    key = os.urandom(31) + b"\xff"
    written = base64.urlsafe_b64encode(key).decode().rstrip("=")
    assert decode_key("KOINONIA_PHONE_INDEX_KEY", written) == key


def test_the_keys_do_not_show_when_printed() -> None:
    assert repr(ROTATED) == "<KeyRing k2, k1>"


def test_an_index_is_the_same_within_a_church_and_differs_between_churches() -> None:
    index = BlindIndex(b"k" * 32)
    assert index.digest(GRACE, "+12025550142") == index.digest(GRACE, "+12025550142")
    assert index.digest(GRACE, "+12025550142") != index.digest(HOPE, "+12025550142")
    assert len(index.digest(GRACE, "")) == 32


def test_an_index_is_a_whole_hmac_of_the_church_and_the_value() -> None:
    index, key = BlindIndex(b"k" * 70), b"k" * 70
    for value in ("", "+12025550142", "ending 0142", "é" * 100):
        whole = hmac.digest(key, GRACE.bytes + value.encode(), "sha256")
        assert index.digest(GRACE, value) == whole


def test_an_index_key_must_be_long_enough() -> None:
    with pytest.raises(BadKey, match="16 bytes"):
        BlindIndex(b"k" * 16)
