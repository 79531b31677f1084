"""Telnyx's refusals as failures: the code decides, the HTTP status only without one."""

import math
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from koinonia.carriers.failures import CarrierFailure, Failure, Follows
from koinonia.carriers.http import Answer
from koinonia.carriers.telnyx import codes
from koinonia.common import clock

Vector = Callable[[str], Any]

FOLLOWS_BY_CLASS = {
    "permanent": {Follows.GIVE_UP, Follows.BUG},
    "opt_out": {Follows.OPTED_OUT},
    "retry": {Follows.RETRY_LATER},
    "retry_limited": {Follows.RETRY_LATER},
    "soft": {Follows.GIVE_UP},
    "throttle": {Follows.HOLD_NETWORK, Follows.GIVE_UP},
    "quota": {Follows.HOLD_NETWORK, Follows.PAUSE_CHURCH},
    "hold": {Follows.PAUSE_CHURCH},
    "sender": {Follows.PAUSE_CHURCH},
    "content": {Follows.GIVE_UP},
    "config": {Follows.PAUSE_CHURCH, Follows.PAUSE_ALL, Follows.GIVE_UP},
    "bug": {Follows.BUG},
}


def refused(sample: dict[str, Any]) -> CarrierFailure:
    return refusal(sample["http_status"], sample.get("headers", {}), sample.get("body"))


def refusal(status: int, headers: dict[str, str], body: Any) -> CarrierFailure:
    return codes.refusal(Answer(status, headers, body))


def error(code: str, words: str = "") -> dict[str, Any]:
    return {"errors": [{"code": code, "title": words}]}


def test_every_documented_code_is_mapped_within_its_class(vector: Vector) -> None:
    for known in vector("telnyx_error_codes")["codes"]:
        problem = codes.problem([{"code": known["code"], "title": known["title"]}])
        assert problem.failure is not None, known
        assert problem.failure.follows in FOLLOWS_BY_CLASS[known["class"]], known


@pytest.mark.parametrize(
    ("name", "failure"),
    [
        ("opted_out", Failure.OPTED_OUT),
        ("rate_limited", Failure.THROTTLED),
        ("auth", Failure.ACCOUNT),
        ("missing_param", Failure.BAD_REQUEST),
        ("e164", Failure.INVALID_NUMBER),
        ("invalid_from", Failure.MISCONFIGURED),
        ("invalid_to", Failure.INVALID_NUMBER),
        ("region", Failure.REGION_NOT_ALLOWED),
        ("no_content", Failure.BAD_REQUEST),
        ("too_large", Failure.TOO_LONG),
        ("mms_invalid", Failure.BAD_MEDIA),
        ("queue_full", Failure.THROTTLED),
        ("sender_pending", Failure.SENDER_ON_HOLD),
        ("tollfree_unverified", Failure.NOT_REGISTERED),
        ("spend_limit", Failure.SPEND_LIMIT),
        ("account_inactive", Failure.ACCOUNT),
        ("insufficient_funds", Failure.ACCOUNT),
        ("server_error", Failure.CARRIER_TROUBLE),
        ("confusing_40300_variant", Failure.MISCONFIGURED),
        ("html_gateway_error", Failure.CARRIER_TROUBLE),
    ],
)
def test_a_documented_refusal_is_understood(vector: Vector, name: str, failure: Failure) -> None:
    assert refused(vector("telnyx_errors")[name]).failure is failure


@pytest.mark.parametrize("status", [400, 403, 422])
def test_the_code_decides_and_not_the_status(status: int) -> None:
    stop = refusal(status, {}, error("40300", "Blocked due to STOP message"))
    assert stop.failure is Failure.OPTED_OUT


@pytest.mark.parametrize(
    ("words", "failure"),
    [
        ("Blocked due to STOP message", Failure.OPTED_OUT),
        ("refused due to an existing block rule", Failure.OPTED_OUT),
        ("Destination number unreachable", Failure.UNREACHABLE),
        ("The from number is not assigned to a messaging profile", Failure.MISCONFIGURED),
        ("", Failure.MISCONFIGURED),
    ],
)
def test_40300_is_an_opt_out_only_when_it_says_so(words: str, failure: Failure) -> None:
    assert refusal(403, {}, error("40300", words)).failure is failure


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        (302, Failure.CARRIER_TROUBLE),
        (400, Failure.UNKNOWN),
        (401, Failure.ACCOUNT),
        (402, Failure.ACCOUNT),
        (404, Failure.NOT_FOUND),
        (409, Failure.CARRIER_TROUBLE),
        (422, Failure.UNKNOWN),
        (429, Failure.THROTTLED),
        (503, Failure.CARRIER_TROUBLE),
    ],
)
@pytest.mark.parametrize("body", [None, [], {}, {"errors": None}, error("49999")])
def test_without_a_known_code_the_status_decides(status: int, failure: Failure, body: Any) -> None:
    assert refusal(status, {}, body).failure is failure


@pytest.mark.parametrize(("status", "ambiguous"), [(200, True), (502, True), (400, False)])
def test_only_an_answer_from_nowhere_is_ambiguous(status: int, ambiguous: bool) -> None:
    assert refusal(status, {}, None).ambiguous is ambiguous


@pytest.mark.parametrize("code", ["10099", "10015", "40316"])
def test_a_reused_key_is_a_bug_and_may_have_sent_something(code: str) -> None:
    failure = refusal(422, {}, error(code, "Idempotency-Key was reused"))
    assert (failure.failure, failure.ambiguous) == (Failure.KEY_REUSED, True)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "3"}, 3),
        ({"retry-after": "3", "x-ratelimit-reset": "9"}, 3),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1"}, 1),
        ({"x-ratelimit-remaining": "7", "x-ratelimit-reset": "1"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "99999999"}, 86_400),
    ],
)
def test_a_pause_that_is_asked_for_is_told(headers: dict[str, str], seconds: float | None) -> None:
    assert refusal(429, headers, error("10011")).retry_after == seconds


@pytest.mark.parametrize(
    ("code", "hours"),
    [("40016", 9.5), ("40333", 1.5), ("40018", 1 / 60), ("40020", 24)],
    ids=["midnight on the Pacific coast", "midnight UTC", "a minute", "a day"],
)
def test_a_quota_says_when_it_ends(code: str, hours: float) -> None:
    with clock.freeze(datetime(2026, 1, 15, 22, 30, tzinfo=UTC)):
        failure = refusal(403, {}, error(code))
    assert math.isclose(failure.retry_after or 0, hours * 3600)
