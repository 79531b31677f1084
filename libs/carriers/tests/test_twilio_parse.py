"""What Twilio tells us, in our words, whatever it leaves out or adds."""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from koinonia.carriers.contract import InboundText, Malformed, Parsed, StatusReport, Unknown
from koinonia.carriers.failures import Failure
from koinonia.carriers.twilio import events
from koinonia.carriers.twilio.carrier import Twilio
from koinonia.common import clock
from koinonia.common.events.messaging import DeliveryStatus

NOW = datetime(2026, 11, 1, 15, 0, 2, tzinfo=UTC)
MISSING = object()
TWILIO = Twilio(None, [])  # type: ignore[arg-type]  # no network needed

Vector = Callable[[str], Any]
Change = Callable[..., Parsed]


def parsed(form: dict[str, Any]) -> Parsed:
    kept = {name: value for name, value in form.items() if value is not MISSING}
    with clock.freeze(NOW):
        (one,) = TWILIO.parse(urlencode(kept).encode())
    return one


@pytest.fixture
def report(vector: Vector) -> Change:
    """An undelivered report with some of its parameters changed."""
    form = vector("twilio_status_callback")["undelivered"]
    return lambda **changes: parsed(form | changes)


@pytest.fixture
def answer(vector: Vector) -> Change:
    """A text from a person with some of its parameters changed."""
    form = vector("twilio_inbound")["sms"]
    return lambda **changes: parsed(form | changes)


@pytest.mark.parametrize(
    ("name", "status"), [("sent", DeliveryStatus.SENT), ("delivered", DeliveryStatus.DELIVERED)]
)
def test_a_report_has_the_status_and_our_number(vector: Vector, name: str, status: str) -> None:
    assert parsed(vector("twilio_status_callback")[name]) == StatusReport(
        carrier_event_id=f"SM00000000000000000000000000000001:{name}",
        occurred_at=NOW,
        carrier_message_id="SM00000000000000000000000000000001",
        status=DeliveryStatus(status),
        sender="+12025550100",
    )


def test_an_undelivered_text_says_why(report: Change) -> None:
    found = report()
    assert isinstance(found, StatusReport)
    assert (found.status, found.failure) == (DeliveryStatus.FAILED, Failure.CONTENT_BLOCKED)
    assert found.failure_code == "30007"
    assert found.carrier_event_id == "SM00000000000000000000000000000001:undelivered:30007"


@pytest.mark.parametrize(
    ("code", "failure"),
    [
        ("30003", Failure.UNREACHABLE),
        ("30005", Failure.INVALID_NUMBER),
        ("21610", Failure.OPTED_OUT),
        ("30034", Failure.NOT_REGISTERED),
        ("49999", Failure.UNKNOWN),
        ("", Failure.UNKNOWN),
        (MISSING, Failure.UNKNOWN),
    ],
)
def test_every_code_has_a_reason(report: Change, code: Any, failure: Failure) -> None:
    assert getattr(report(ErrorCode=code), "failure", None) is failure


@pytest.mark.parametrize("code", ["", "0", "30007"])
def test_a_text_that_arrived_has_no_reason(report: Change, code: str) -> None:
    found = report(MessageStatus="delivered", ErrorCode=code)
    assert isinstance(found, StatusReport)
    assert (found.failure, found.failure_code) == (None, None)


def test_every_documented_status_has_its_place(report: Change, vector: Vector) -> None:
    ours = {"queued": "sending", None: None}
    known = vector("twilio_status_mapping")
    del known["received"]  # that is a text from a person
    for said, expected in known.items():
        found = report(MessageStatus=said)
        assert getattr(found, "status", None) == ours.get(expected, expected), said


def test_a_status_is_found_wherever_it_stands(report: Change) -> None:
    found = report(MessageStatus=MISSING, SmsStatus="DELIVERED", MessageSid=MISSING)
    assert getattr(found, "status", None) is DeliveryStatus.DELIVERED


@pytest.mark.parametrize(
    "changes",
    [
        {"MessageStatus": "teleported"},
        {"MessageStatus": MISSING, "SmsStatus": MISSING},
        {"MessageSid": MISSING, "SmsSid": ""},
        {"From": "whatsapp:+12025550100"},
        {"To": "rcs:somebody"},
    ],
    ids=["status", "no status", "no id", "WhatsApp", "RCS"],
)
def test_what_we_do_not_know_is_kept_and_says_nothing(
    report: Change, changes: dict[str, Any]
) -> None:
    assert isinstance(report(**changes), Unknown)


@pytest.mark.parametrize("stamp", [MISSING, "", "2611011500", "soon", "9999999999"])
def test_the_time_of_the_network_is_not_believed(report: Change, stamp: Any) -> None:
    assert report(RawDlrDoneDate=stamp).occurred_at == NOW


def test_the_same_call_again_is_the_same_event(report: Change) -> None:
    assert report().carrier_event_id == report(NewParameter="x").carrier_event_id


@pytest.mark.parametrize(
    "changes", [{"MessageStatus": "sent"}, {"ErrorCode": "30003"}, {"MessageSid": "SM2"}]
)
def test_other_news_is_another_event(report: Change, changes: dict[str, str]) -> None:
    assert report(**changes).carrier_event_id != report().carrier_event_id


def test_a_text_from_a_person_is_read(answer: Change) -> None:
    assert answer() == InboundText(
        carrier_event_id="SM00000000000000000000000000000002:received",
        occurred_at=NOW,
        carrier_message_id="SM00000000000000000000000000000002",
        sender="+12025550142",
        to="+12025550100",
        text="Stop",
        opt_out_type="STOP",
    )


@pytest.mark.parametrize(
    ("said", "expected"), [("start", "START"), ("HELP", "HELP"), ("", None), ("LATER", None)]
)
def test_a_keyword_that_twilio_answered_is_told(
    answer: Change, said: str, expected: str | None
) -> None:
    assert getattr(answer(OptOutType=said), "opt_out_type", "none") == expected


def test_a_group_text_names_all_whom_it_went_to(answer: Change) -> None:
    others = {"OtherRecipients1": "+12025550112", "OtherRecipients0": "+12025550111"}
    text = answer(**others, OtherRecipients2="", OtherRecipients3="+12025550142")
    assert isinstance(text, InboundText)
    assert text.group == ("+12025550100", "+12025550111", "+12025550112")
    assert (text.to, text.is_named) == ("+12025550100", True)


def test_pictures_keep_their_addresses_and_their_order(vector: Vector) -> None:
    form = vector("twilio_inbound")["mms"]
    more = {"MediaUrl10": "https://example.org/10.jpg", "MediaUrl3": "ftp://example.org/3"}
    text = parsed(more | form)
    assert isinstance(text, InboundText)
    assert text.text == ""
    assert text.media_urls == (form["MediaUrl0"], form["MediaUrl1"], "https://example.org/10.jpg")


@pytest.mark.parametrize(
    ("words", "expected"),
    [("", ""), (MISSING, ""), ("  ", "  "), ("a\x00b", "ab"), ("👍 &=+%", "👍 &=+%")],
)
def test_any_words_are_kept_as_they_are(answer: Change, words: Any, expected: str) -> None:
    assert getattr(answer(Body=words), "text", "none") == expected


@pytest.mark.parametrize("sender", ["12345", "GRACE", "+12025550100"])
def test_a_sender_need_not_be_a_phone(answer: Change, sender: str) -> None:
    assert getattr(answer(From=sender), "sender", None) == sender


@pytest.mark.parametrize("party", [{"From": MISSING}, {"From": ""}, {"To": MISSING}])
def test_a_text_from_nobody_or_to_nobody_is_unknown(answer: Change, party: dict[str, Any]) -> None:
    assert isinstance(answer(**party), Unknown)


def test_a_text_without_a_status_is_known_by_its_body(answer: Change) -> None:
    assert isinstance(answer(SmsStatus=MISSING), InboundText)


def test_of_a_repeated_parameter_the_first_counts() -> None:
    (text,) = TWILIO.parse(b"MessageSid=SM1&MessageStatus=sent&MessageStatus=delivered")
    assert getattr(text, "status", None) is DeliveryStatus.SENT


def test_json_is_read_as_a_form_is() -> None:
    (report,) = TWILIO.parse(b'{"MessageSid": "SM1", "MessageStatus": "sent"}')
    assert getattr(report, "status", None) is DeliveryStatus.SENT


@pytest.mark.parametrize(
    "raw",
    [b"", b"<html>", b"[]", b"null", b"[" * 100_000, b"{" * 5, b"\xff\xfe\x00", b"a=1&" * 2000],
    ids=["empty", "HTML", "list", "null", "deep", "unclosed", "not UTF-8", "too many"],
)
def test_what_holds_no_event_is_refused(raw: bytes) -> None:
    with pytest.raises(Malformed) as refusal:
        TWILIO.parse(raw)
    assert refusal.value.status == 400


def test_the_message_of_the_api_is_a_report(vector: Vector) -> None:
    message = vector("twilio_message_create")["response"]
    assert events.message_report(message) == StatusReport(
        carrier_event_id="retrieved:SM00000000000000000000000000000001:queued",
        occurred_at=datetime(2026, 11, 1, 15, 0, tzinfo=UTC),
        carrier_message_id="SM00000000000000000000000000000001",
        status=DeliveryStatus.SENDING,
        sender="+12025550100",
        parts=1,
    )


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ({"price": "-0.00790", "price_unit": "USD"}, Decimal("0.0079")),
        ({"price": "-0.0079", "price_unit": "usd"}, Decimal("0.0079")),
        ({"price": "0.0079"}, Decimal("0.0079")),
        ({"price": None}, None),
        ({"price": "-0.0079", "price_unit": "EUR"}, None),
        ({"price": "free"}, None),
        ({}, None),
    ],
)
def test_a_cost_is_exact_or_missing(message: dict[str, Any], expected: Decimal | None) -> None:
    assert events.cost(message) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [("1", 1), ("10", 10), ("0", None), (None, None), ("many", None), ("٣", None), (2, 2)],
)
def test_parts_are_counted_or_missing(said: Any, expected: int | None) -> None:
    assert events.parts({"num_segments": said}) == expected


@pytest.mark.parametrize("stamp", [None, "soon", "", 5, "Sun, 99 Nov 2026 15:00:00 +0000"])
def test_a_message_without_a_time_is_of_now(vector: Vector, stamp: Any) -> None:
    message = vector("twilio_message_create")["response"] | {"date_updated": stamp}
    with clock.freeze(NOW):
        assert getattr(events.message_report(message), "occurred_at", None) == NOW


NAMES = ("MessageSid", "MessageStatus", "SmsStatus", "From", "To", "Body", "MediaUrl0", "ErrorCode")
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(NAMES), st.text()))
def test_no_form_breaks_the_parser(form: dict[str, str]) -> None:
    with suppress(Malformed):
        assert TWILIO.parse(urlencode(form).encode())[0].carrier_event_id


@given(st.dictionaries(st.sampled_from(NAMES), json_values))
def test_no_json_breaks_the_parser(fields: dict[str, Any]) -> None:
    assert TWILIO.parse(json.dumps(fields).encode())[0].carrier_event_id


@given(st.dictionaries(st.sampled_from(["sid", "status", "price", "date_updated"]), json_values))
def test_no_message_breaks_the_reader(message: dict[str, Any]) -> None:
    assert events.message_report(message)


@given(st.binary())
def test_no_bytes_break_the_parser(raw: bytes) -> None:
    with suppress(Malformed):
        assert TWILIO.parse(raw)
