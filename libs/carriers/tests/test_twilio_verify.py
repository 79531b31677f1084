"""Whether a call is Twilio's own, whatever stands between Twilio and us."""

import hashlib
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from koinonia.carriers.contract import BadSignature
from koinonia.carriers.twilio import signature
from koinonia.carriers.twilio.carrier import Twilio

from .genuine import is_genuine

TOKEN = "12345"
URL = "https://api.example.org/webhooks/twilio/status?tenant=t1"
FORM = "application/x-www-form-urlencoded"
SIGNATURE = "X-Twilio-Signature"
SETTINGS = "X-Twilio-Webhooks-Signature-Settings"
SHA256 = "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256"

Pairs = Sequence[tuple[str, str]]


@pytest.fixture
def twilio() -> Twilio:
    return Twilio(None, [TOKEN])  # type: ignore[arg-type]  # no network needed


def signed(
    pairs: Pairs, url: str = URL, token: str = TOKEN, content_type: str = FORM
) -> dict[str, str]:
    """The headers of a form that Twilio posts to ``url``."""
    proof = signature.sign(token, url.encode() + signature.posted_form(pairs))
    return {SIGNATURE: proof.decode(), "Content-Type": content_type}


@pytest.mark.parametrize(
    ("proof", "settings"),
    [
        ("x_twilio_signature_hmac_sha1", {}),
        ("x_twilio_signature_hmac_sha1", {SETTINGS: ""}),
        ("x_twilio_signature_hmac_sha1", {SETTINGS: "algorithm=hmac_sha1"}),
        ("x_twilio_signature_hmac_sha256", {SETTINGS: SHA256}),
        ("x_twilio_signature_hmac_sha256", {SETTINGS: "algorithm = HMAC_SHA256 , key=1"}),
    ],
)
def test_the_published_vector_is_genuine(
    twilio: Twilio, vector: Callable[[str], Any], proof: str, settings: dict[str, str]
) -> None:
    known = vector("twilio_signature")
    headers = {SIGNATURE: known[proof], "Content-Type": FORM, **settings}
    body = urlencode(known["form_params"]).encode()
    assert known["auth_token"] == TOKEN
    assert is_genuine(twilio, body, headers, url=known["url"])


@pytest.mark.parametrize(
    "pairs",
    [
        [("b", "2"), ("a", "1")],
        [("To", "1"), ("To", "2"), ("To", "1")],
        [("ToCity", ""), ("Body", ""), ("From", "+12025550142")],
        [("Body", "Amén 🙏 & = + %"), ("NewParameter", "x")],
        [("Body", " \r\n\t"), ("body", "b")],
    ],
    ids=["any order", "repeated", "empty values", "anything but ASCII", "spaces"],
)
def test_any_form_is_genuine_when_signed(twilio: Twilio, pairs: Pairs) -> None:
    assert is_genuine(twilio, urlencode(pairs).encode(), signed(pairs), url=URL)


def test_bytes_that_are_no_utf8_are_genuine_when_signed(twilio: Twilio) -> None:
    proof = signature.sign(TOKEN, URL.encode() + b"Body\xff\xfe")
    headers = {SIGNATURE: proof.decode(), "Content-Type": FORM}
    assert is_genuine(twilio, b"Body=%FF%FE", headers, url=URL)


def test_headers_are_found_in_any_case_and_with_a_charset(twilio: Twilio) -> None:
    headers = signed([("a", "1")], content_type=f"{FORM.upper()}; charset=UTF-8")
    shouted = {name.upper(): value for name, value in headers.items()}
    assert is_genuine(twilio, b"a=1", shouted, url=URL)


@pytest.mark.parametrize(
    ("called", "known_as"),
    [
        ("https://api.example.org:443/hook?x=1", "https://api.example.org/hook?x=1"),
        ("https://api.example.org/hook?x=1", "https://api.example.org:443/hook?x=1"),
        ("http://api.example.org:80/hook", "http://api.example.org/hook"),
        ("http://api.example.org/hook", "http://api.example.org:80/hook"),
        ("https://api.example.org/hook", "http://api.example.org/hook"),
        ("https://api.example.org/hook", "http://api.example.org:8080/hook"),
        ("https://api.example.org:8443/hook", "http://api.example.org:8443/hook"),
        ("https://api.example.org", "http://api.example.org"),
    ],
)
def test_a_proxy_may_hide_scheme_and_port(twilio: Twilio, called: str, known_as: str) -> None:
    assert is_genuine(twilio, b"a=1", signed([("a", "1")], called), url=known_as)


@pytest.mark.parametrize(
    "known_as",
    [
        "https://api.example.org/hook?b=2&a=1",
        "https://api.example.org/hook/?a=1&b=2",
        "https://api.example.org/Hook?a=1&b=2",
        "https://api.example.org/hook",
        "https://evil.example.org/hook?a=1&b=2",
        "https://api.example.org:8443/hook?a=1&b=2x",
        "/hook?a=1&b=2",
        "",
    ],
    ids=["order", "slash", "case", "no query", "host", "longer", "no host", "nothing"],
)
def test_another_address_is_refused(twilio: Twilio, known_as: str) -> None:
    headers = signed([("a", "1")], "https://api.example.org/hook?a=1&b=2")
    with pytest.raises(BadSignature):
        twilio.verify(b"a=1", headers, 0.0, url=known_as)


@pytest.mark.parametrize("body", [b"a=2", b"a=1&b=", b"", b"a=1&a=2", b"A=1"])
def test_a_changed_form_is_refused(twilio: Twilio, body: bytes) -> None:
    with pytest.raises(BadSignature):
        twilio.verify(body, signed([("a", "1")]), 0.0, url=URL)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Content-Type": FORM},
        {SIGNATURE: "", "Content-Type": FORM},
        {SIGNATURE: "not base64!", "Content-Type": FORM},
        {SIGNATURE: "ключ", "Content-Type": FORM},
        {**signed([("a", "1")]), SETTINGS: "algorithm=HMAC_MD5"},
        {**signed([("a", "1")]), SETTINGS: "algorithm=HMAC_SHA256"},
        {**signed([("a", "1")]), SIGNATURE.lower(): "other"},
        signed([("a", "1")], token="another"),
        signed([("a", "1")], content_type="text/plain"),
    ],
    ids=[
        *("none", "unsigned", "empty", "no base64", "no ASCII", "unknown algorithm"),
        *("another algorithm", "two signatures", "another token", "another kind"),
    ],
)
def test_what_proves_nothing_is_refused(twilio: Twilio, headers: dict[str, str]) -> None:
    with pytest.raises(BadSignature) as refusal:
        twilio.verify(b"a=1", headers, 0.0, url=URL)
    assert refusal.value.status == 401


def test_any_of_the_tokens_counts_while_they_rotate() -> None:
    twilio = Twilio(None, ["newer", TOKEN])  # type: ignore[arg-type]  # no network needed
    for token in ("newer", TOKEN):
        assert is_genuine(twilio, b"a=1", signed([("a", "1")], token=token), url=URL)
    with pytest.raises(BadSignature):
        twilio.verify(b"a=1", signed([("a", "1")], token="older"), 0.0, url=URL)


def of_json(body: bytes) -> tuple[str, dict[str, str]]:
    url = f"https://api.example.org/hook?bodySHA256={hashlib.sha256(body).hexdigest()}"
    proof = signature.sign(TOKEN, url.encode()).decode()
    return url, {SIGNATURE: proof, "Content-Type": "application/json"}


def test_json_is_genuine_when_its_hash_is_in_the_signed_address(twilio: Twilio) -> None:
    url, headers = of_json(b'{"a": "\xc3\xa9"}')
    assert is_genuine(twilio, b'{"a": "\xc3\xa9"}', headers, url=url)


def test_json_with_another_hash_is_refused(twilio: Twilio) -> None:
    url, headers = of_json(b"{}")
    with pytest.raises(BadSignature):
        twilio.verify(b'{"a":1}', headers, 0.0, url=url)


def test_json_without_a_hash_is_refused(twilio: Twilio) -> None:
    headers = {
        SIGNATURE: signature.sign(TOKEN, URL.encode()).decode(),
        "Content-Type": "application/json",
    }
    with pytest.raises(BadSignature):
        twilio.verify(b"{}", headers, 0.0, url=URL)


@given(
    body=st.binary(), content_type=st.sampled_from([FORM, "application/json", ""]), url=st.text()
)
def test_nothing_but_a_bad_signature_is_ever_raised(
    body: bytes, content_type: str, url: str
) -> None:
    twilio = Twilio(None, [TOKEN])  # type: ignore[arg-type]  # no network needed
    headers = {SIGNATURE: "AAAA", "Content-Type": content_type}
    with pytest.raises(BadSignature):
        twilio.verify(body, headers, 0.0, url=url)
