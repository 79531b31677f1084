"""What Telnyx tells us, in our words, whatever shape it comes in."""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from koinonia.carriers import reading
from koinonia.carriers.contract import (
    InboundText,
    Malformed,
    NumberOrderReport,
    OrderStatus,
    Parsed,
    StatusReport,
    Unknown,
)
from koinonia.carriers.failures import Failure
from koinonia.carriers.telnyx.carrier import Telnyx
from koinonia.common.events.messaging import DeliveryStatus

Vector = Callable[[str], Any]
MISSING = object()


def parsed(telnyx: Telnyx, body: Any) -> Parsed:
    (one,) = telnyx.parse(orjson.dumps(body))
    return one


def with_payload(body: Any, **changes: Any) -> Any:
    payload = body["data"]["payload"] | changes
    body["data"]["payload"] = {k: v for k, v in payload.items() if v is not MISSING}
    return body


@pytest.fixture
def report(telnyx: Telnyx, vector: Vector) -> Callable[..., Parsed]:
    """A delivered report with some fields of its payload changed, as we understand it."""
    body = vector("telnyx_webhook_message_finalized_delivered")
    return lambda **changes: parsed(telnyx, with_payload(body, **changes))


@pytest.fixture
def answer(telnyx: Telnyx, vector: Vector) -> Callable[..., Parsed]:
    """A text from a person with some fields of its payload changed, as we understand it."""
    body = vector("telnyx_webhook_message_received_sms")
    return lambda **changes: parsed(telnyx, with_payload(body, **changes))


def test_a_delivered_report_says_all_we_bill_by(telnyx: Telnyx, vector: Vector) -> None:
    assert parsed(telnyx, vector("telnyx_webhook_message_finalized_delivered")) == StatusReport(
        carrier_event_id="e0000000-0000-4000-8000-000000000002",
        occurred_at=datetime(2026, 11, 1, 15, 0, 2, 900_000, tzinfo=UTC),
        carrier_message_id="40319999-0000-4000-8000-0000000000a1",
        status=DeliveryStatus.DELIVERED,
        sender="+12025550100",
        parts=1,
        cost=Decimal("0.0051"),
    )


@pytest.mark.parametrize(
    ("name", "status", "failure", "code"),
    [
        ("message_sent", DeliveryStatus.SENT, None, None),
        ("message_finalized_delivery_unconfirmed", DeliveryStatus.UNCONFIRMED, None, None),
        (
            "message_finalized_delivery_failed",
            DeliveryStatus.FAILED,
            Failure.SPAM_SUSPECTED,
            "40002",
        ),
        ("message_finalized_sending_failed", DeliveryStatus.FAILED, Failure.EXPIRED, "40014"),
    ],
)
def test_a_report_has_a_status_and_its_reason(
    telnyx: Telnyx, vector: Vector, name: str, status: str, failure: str | None, code: str | None
) -> None:
    report = parsed(telnyx, vector(f"telnyx_webhook_{name}"))
    assert isinstance(report, StatusReport)
    assert (report.status, report.failure, report.failure_code) == (status, failure, code)


def test_every_documented_status_has_its_place(
    report: Callable[..., Parsed], vector: Vector
) -> None:
    ours = {"queued": "sending", None: None}
    for said, expected in vector("telnyx_status_mapping").items():
        found = report(to=[{"phone_number": "+12025550142", "status": said}])
        assert getattr(found, "status", None) == ours.get(expected, expected), said


@pytest.mark.parametrize("to", [MISSING, None, [], {}, [{}], [None], "+12025550142", 5])
def test_a_report_without_a_status_is_kept_but_says_nothing(
    report: Callable[..., Parsed], to: Any
) -> None:
    assert isinstance(report(to=to), Unknown)


@pytest.mark.parametrize("to", [MISSING, None, [], "+12025550142"])
def test_a_sent_event_without_a_status_means_sent(telnyx: Telnyx, vector: Vector, to: Any) -> None:
    body = with_payload(vector("telnyx_webhook_message_sent"), to=to)
    assert getattr(parsed(telnyx, body), "status", None) is DeliveryStatus.SENT


@pytest.mark.parametrize("to", [{"status": "delivered"}, [{}, {"status": "DELIVERED"}]])
def test_a_status_is_found_wherever_it_stands(report: Callable[..., Parsed], to: Any) -> None:
    assert getattr(report(to=to), "status", None) is DeliveryStatus.DELIVERED


@pytest.mark.parametrize("kind", ["RCS", "WHATSAPP", "fax"])
def test_other_kinds_of_message_are_unknown(report: Callable[..., Parsed], kind: str) -> None:
    assert isinstance(report(type=kind), Unknown)


@pytest.mark.parametrize(
    ("errors", "failure", "code"),
    [
        (None, Failure.UNKNOWN, None),
        ([], Failure.UNKNOWN, None),
        ([{"code": 40008, "title": "Undeliverable"}], Failure.UNREACHABLE, "40008"),
        ([{"code": "49999"}], Failure.UNKNOWN, "49999"),
        ([{"code": "49999"}, {"code": "40001"}], Failure.NOT_TEXTABLE, "40001"),
        ({"code": "40001"}, Failure.NOT_TEXTABLE, "40001"),
        ("broken", Failure.UNKNOWN, None),
    ],
    ids=["null", "none", "a number", "unknown", "several", "an object", "a string"],
)
def test_errors_come_in_many_shapes(
    report: Callable[..., Parsed], errors: Any, failure: Failure, code: str | None
) -> None:
    found = report(errors=errors, to=[{"status": "delivery_failed"}])
    assert isinstance(found, StatusReport)
    assert (found.failure, found.failure_code) == (failure, code)


@pytest.mark.parametrize(
    ("cost", "expected"),
    [
        (None, None),
        ({"amount": "0.00410", "currency": "USD"}, Decimal("0.0041")),
        ({"amount": 0.0041, "currency": "USD"}, Decimal("0.0041")),
        ({"amount": None}, None),
        ({"amount": "0.0041", "currency": "EUR"}, None),
        (0.0041, Decimal("0.0041")),
        ({"amount": "NaN"}, None),
        ({"amount": "1e999"}, None),
        ({"amount": "-1"}, None),
        ({"amount": True}, None),
    ],
)
def test_a_cost_is_exact_or_missing(
    report: Callable[..., Parsed], cost: Any, expected: Decimal | None
) -> None:
    assert getattr(report(cost=cost), "cost", "none") == expected


@pytest.mark.parametrize(
    "stamp",
    [
        "2026-11-01T15:00:02Z",
        "2026-11-01T15:00:02.000000+00:00",
        "2026-11-01T16:00:02.000+01:00",
        "2026-11-01T15:00:02",
    ],
)
def test_every_kind_of_timestamp_is_utc(telnyx: Telnyx, vector: Vector, stamp: str) -> None:
    body = vector("telnyx_webhook_message_sent")
    body["data"]["occurred_at"] = stamp
    assert parsed(telnyx, body).occurred_at == datetime(2026, 11, 1, 15, 0, 2, tzinfo=UTC)


@pytest.mark.parametrize("stamp", [None, "date-time", "", 5, "9999-12-31T23:59:59-23:59"])
def test_without_a_time_the_message_tells_it(telnyx: Telnyx, vector: Vector, stamp: Any) -> None:
    body = vector("telnyx_webhook_message_sent")
    body["data"]["occurred_at"] = stamp
    expected = datetime(2026, 11, 1, 15, 0, 0, 400_000, tzinfo=UTC)
    assert parsed(telnyx, body).occurred_at == expected


def test_an_event_without_an_id_has_the_same_made_up_id_each_time(
    telnyx: Telnyx, vector: Vector
) -> None:
    body = vector("telnyx_webhook_message_sent")
    del body["data"]["id"], body["meta"]
    first, again = parsed(telnyx, body), parsed(telnyx, body)
    assert first.carrier_event_id == again.carrier_event_id
    assert len(first.carrier_event_id) == 64


def test_a_text_from_a_person_is_read(telnyx: Telnyx, vector: Vector) -> None:
    assert parsed(telnyx, vector("telnyx_webhook_message_received_sms")) == InboundText(
        carrier_event_id="e0000000-0000-4000-8000-000000000011",
        occurred_at=datetime(2026, 11, 1, 15, 10, 0, 100_000, tzinfo=UTC),
        carrier_message_id="50319999-0000-4000-8000-0000000000c1",
        sender="+12025550142",
        to="+12025550100",
        text="Please pray for my mom",
    )


@pytest.mark.parametrize("word", ["STOP", "HELP"])
def test_a_keyword_that_telnyx_answered_is_told(telnyx: Telnyx, vector: Vector, word: str) -> None:
    text = parsed(telnyx, vector(f"telnyx_webhook_message_received_{word.lower()}"))
    assert getattr(text, "opt_out_type", None) == word


def test_pictures_keep_their_addresses(telnyx: Telnyx, vector: Vector) -> None:
    text = parsed(telnyx, vector("telnyx_webhook_message_received_mms"))
    assert isinstance(text, InboundText)
    assert (text.text, len(text.media_urls)) == ("", 2)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (None, ""),
        (MISSING, ""),
        ("  ", "  "),
        ("a\x00b", "ab"),
        ("👍", "👍"),
        ("שלום", "שלום"),
        ("x" * 1600, "x" * 1600),
        (["a"], ""),
    ],
)
def test_any_words_are_kept_as_they_are(
    answer: Callable[..., Parsed], words: Any, expected: str
) -> None:
    assert getattr(answer(text=words), "text", "none") == expected


@pytest.mark.parametrize("media", [None, "x", [None], [{"url": None}], [{"url": "ftp://x"}]])
def test_media_without_an_address_are_left_out(answer: Callable[..., Parsed], media: Any) -> None:
    assert getattr(answer(media=media), "media_urls", "none") == ()


@pytest.mark.parametrize(
    "to",
    [
        "+12025550100",
        {"phone_number": "+12025550100"},
        [
            {"phone_number": "+12025550111", "status": "delivered"},
            {"phone_number": "+12025550100", "status": "webhook_delivered"},
        ],
    ],
    ids=["a string", "an object", "not the first of several"],
)
def test_our_number_is_found(answer: Callable[..., Parsed], to: Any) -> None:
    assert getattr(answer(to=to, cc=["+12025550111"]), "to", "none") == "+12025550100"


PARTY = {
    "a string": lambda phone, _: phone,
    "an object": lambda phone, _: {"phone_number": phone},
    "with a status": lambda phone, is_ours: {
        "phone_number": phone,
        "status": "webhook_delivered" if is_ours else "unknown",
    },
}
OURS, FRIENDS = "+12025550100", ["+12025550111", "+12025550112", "+12025550113"]


@pytest.mark.parametrize("written", sorted(PARTY))
@pytest.mark.parametrize("in_cc", range(5))
@pytest.mark.parametrize("place", range(4))
def test_a_group_text_names_all_whom_it_went_to_wherever_they_stand(
    answer: Callable[..., Parsed], place: int, in_cc: int, written: str
) -> None:
    """The last ``in_cc`` of them in ``cc``, which repeats the sender and ours, as Telnyx may."""
    everybody = [*FRIENDS[:place], OURS, *FRIENDS[place:]]
    parties = [PARTY[written](phone, phone == OURS) for phone in everybody]
    beyond = len(parties) - in_cc
    text = answer(to=parties[:beyond], cc=[*parties[beyond:], "+12025550142", OURS])
    assert isinstance(text, InboundText)
    assert sorted(text.group) == sorted(everybody)
    assert text.is_named is (written == "with a status")
    assert text.to == OURS or not text.is_named


def test_a_text_to_one_number_is_no_group_text(answer: Callable[..., Parsed]) -> None:
    text = answer(to=[OURS, OURS], cc=[OURS, "+12025550142", None, {}])
    assert isinstance(text, InboundText)
    assert (text.to, text.group, text.is_named) == (OURS, (), True)


def test_a_group_without_end_is_cut(answer: Callable[..., Parsed]) -> None:
    text = answer(to=[f"+1202555{n:04}" for n in range(5000)])
    assert len(getattr(text, "group", ())) == reading.MOST_OF_A_GROUP


@pytest.mark.parametrize("sender", ["12345", {"phone_number": "CHURCH"}, "+12025550100"])
def test_a_sender_need_not_be_a_phone(answer: Callable[..., Parsed], sender: Any) -> None:
    assert isinstance(answer(**{"from": sender}), InboundText)


@pytest.mark.parametrize("sender", [MISSING, None, {}, {"phone_number": ""}, []])
def test_a_text_from_nobody_is_unknown(answer: Callable[..., Parsed], sender: Any) -> None:
    assert isinstance(answer(**{"from": sender}), Unknown)


def test_an_order_that_completed_is_told(telnyx: Telnyx, vector: Vector) -> None:
    report = parsed(telnyx, vector("telnyx_webhook_number_order_complete"))
    assert isinstance(report, NumberOrderReport)
    assert report.order.status is OrderStatus.ACTIVE
    assert report.order.phone_number == "+12025550177"
    assert report.order.reference == "tenant:t1:order:1"


def test_registration_events_are_unknown_for_now(telnyx: Telnyx, vector: Vector) -> None:
    for body in vector("telnyx_webhooks_10dlc"):
        assert isinstance(parsed(telnyx, body), Unknown)


@pytest.mark.parametrize(
    "raw",
    [b"", b"<html>", b"[]", b"null", b'"text"', b"[" * 100_000, b"{" * 5, b"\xff\xfe\x00"],
    ids=["empty", "HTML", "list", "null", "string", "deep", "unclosed", "not UTF-8"],
)
def test_what_is_no_json_object_is_refused(telnyx: Telnyx, raw: bytes) -> None:
    with pytest.raises(Malformed) as refusal:
        telnyx.parse(raw)
    assert refusal.value.status == 400


@pytest.mark.parametrize(
    "raw",
    [b'\xef\xbb\xbf{"data":{"id":"1"}}', b'{"data":{"id":"\\ud83d"}}', b'{"data":{"id":"\xff"}}'],
    ids=["byte order mark", "half an emoji", "a broken byte"],
)
def test_a_small_flaw_loses_no_event(telnyx: Telnyx, raw: bytes) -> None:
    (event,) = telnyx.parse(raw)
    assert isinstance(event, Unknown)
    assert event.carrier_event_id.encode()


def test_five_megabytes_are_read(telnyx: Telnyx) -> None:
    assert isinstance(parsed(telnyx, {"data": {"padding": "x" * 5_000_000}}), Unknown)


any_character = st.characters(exclude_categories=())  # lone surrogates too
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(any_character),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
FIELDS = ("id", "to", "from", "type", "text", "media", "errors", "cost", "parts", "status")


@given(
    kind=st.sampled_from(
        ["message.sent", "message.finalized", "message.received", "number_order.complete"]
    ),
    payload=st.dictionaries(st.sampled_from(FIELDS), json_values) | json_values,
    event=st.dictionaries(st.sampled_from(["id", "occurred_at"]), json_values),
)
def test_no_json_breaks_the_parser(kind: str, payload: Any, event: dict[str, Any]) -> None:
    telnyx = Telnyx(None, [])  # type: ignore[arg-type]  # no network needed
    data = {"event_type": kind, "payload": payload, **event}
    (found,) = telnyx.parse(json.dumps({"data": data}).encode())
    assert found.occurred_at.tzinfo is UTC


@given(st.binary())
def test_no_bytes_break_the_parser(raw: bytes) -> None:
    telnyx = Telnyx(None, [])  # type: ignore[arg-type]  # no network needed
    with suppress(Malformed):
        assert isinstance(telnyx.parse(raw), list)
