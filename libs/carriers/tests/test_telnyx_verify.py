"""Whether a call is Telnyx's own."""

import base64
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from koinonia.carriers.contract import BadSignature
from koinonia.carriers.telnyx.carrier import Telnyx

from .genuine import is_genuine

NOW = 1_793_545_200.0

Headers = dict[str, str]
Sign = Callable[[bytes, str], Headers]


@pytest.fixture
def sign(signing_key: Ed25519PrivateKey) -> Sign:
    def headers(body: bytes, stamp: str = str(int(NOW))) -> Headers:
        proof = signing_key.sign(stamp.encode() + b"|" + body)
        return {
            "telnyx-signature-ed25519": base64.b64encode(proof).decode(),
            "telnyx-timestamp": stamp,
        }

    return headers


def test_the_published_vector_is_genuine(telnyx: Telnyx, vector: Callable[[str], Any]) -> None:
    known = vector("telnyx_signature")
    at = float(known["timestamp"])
    assert is_genuine(telnyx, known["raw_body"].encode(), known["headers"], at)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        "Amén 🙏".encode(),
        b'{"a":1}\r\n',
        b'\xef\xbb\xbf{"a":1}',
        b'{"a":1,"a":2}',
        b"\x1f\x8b\x08\x00\xff\xfe",
    ],
    ids=["empty", "emoji", "CRLF", "byte order mark", "duplicate keys", "not text at all"],
)
def test_any_bytes_are_genuine_when_signed(telnyx: Telnyx, sign: Sign, body: bytes) -> None:
    assert is_genuine(telnyx, body, sign(body, "1793545200"), NOW)


def test_headers_are_found_in_any_case(telnyx: Telnyx, sign: Sign) -> None:
    shouted = {name.upper(): value for name, value in sign(b"{}", "1793545200").items()}
    assert is_genuine(telnyx, b"{}", shouted, NOW)


@pytest.mark.parametrize("age", [-300, 0, 300])
def test_a_call_within_300_seconds_is_accepted(telnyx: Telnyx, sign: Sign, age: int) -> None:
    assert is_genuine(telnyx, b"{}", sign(b"{}", str(int(NOW) - age)), NOW)


@pytest.mark.parametrize("age", [-301, 301, 86_400])
def test_an_older_or_future_call_is_refused(telnyx: Telnyx, sign: Sign, age: int) -> None:
    with pytest.raises(BadSignature):
        telnyx.verify(b"{}", sign(b"{}", str(int(NOW) - age)), NOW)


@pytest.mark.parametrize(
    "stamp",
    ["", "-1793545200", "1793545200.0", " 1793545200", "１７９３５４５２００", "9" * 5000, "now"],
    ids=["empty", "negative", "float", "space", "full-width digits", "endless", "word"],
)
def test_a_timestamp_that_is_not_plain_digits_is_refused(
    telnyx: Telnyx, sign: Sign, stamp: str
) -> None:
    with pytest.raises(BadSignature):
        telnyx.verify(b"{}", sign(b"{}", stamp), NOW)


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "AAAA",
        "not base64!",
        "ключ",
        base64.b64encode(bytes(63)).decode(),
        base64.b64encode(bytes(64)).decode(),
        base64.b64encode(bytes(65)).decode(),
        base64.b64encode(bytes(64)).decode().rstrip("="),
    ],
    ids=["empty", "short", "no base64", "no ASCII", "63 bytes", "zeros", "65 bytes", "no padding"],
)
def test_a_signature_that_is_none_is_refused(telnyx: Telnyx, signature: str) -> None:
    headers = {"telnyx-signature-ed25519": signature, "telnyx-timestamp": str(int(NOW))}
    with pytest.raises(BadSignature):
        telnyx.verify(b"{}", headers, NOW)


def test_a_changed_body_is_refused(telnyx: Telnyx, sign: Sign) -> None:
    with pytest.raises(BadSignature):
        telnyx.verify(b'{"a": 1}', sign(b'{"a":1}', "1793545200"), NOW)


def test_a_changed_timestamp_is_refused(telnyx: Telnyx, sign: Sign) -> None:
    headers = sign(b"{}", "1793545200") | {"telnyx-timestamp": "1793545201"}
    with pytest.raises(BadSignature):
        telnyx.verify(b"{}", headers, NOW)


def test_missing_headers_are_refused(telnyx: Telnyx) -> None:
    with pytest.raises(BadSignature) as refusal:
        telnyx.verify(b"{}", {}, NOW)
    assert refusal.value.status == 401


def test_two_different_signatures_are_refused(telnyx: Telnyx, sign: Sign) -> None:
    genuine = sign(b"{}", "1793545200")
    other = {"Telnyx-Signature-Ed25519": sign(b"[]", "1793545200")["telnyx-signature-ed25519"]}
    with pytest.raises(BadSignature):
        telnyx.verify(b"{}", genuine | other, NOW)


async def test_either_key_counts_while_keys_rotate(telnyx: Telnyx, sign: Sign) -> None:
    newer = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    older = Ed25519PrivateKey.from_private_bytes(bytes(range(32))).public_key().public_bytes_raw()
    rotating = Telnyx(telnyx._api, [newer, older])
    assert is_genuine(rotating, b"{}", sign(b"{}", "1793545200"), NOW)
    with pytest.raises(BadSignature):
        Telnyx(telnyx._api, [newer]).verify(b"{}", sign(b"{}", "1793545200"), NOW)
