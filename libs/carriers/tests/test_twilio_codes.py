"""Twilio's refusals as failures: the code decides, the HTTP status only without one."""

from collections.abc import Callable
from typing import Any

import pytest

from koinonia.carriers.failures import CarrierFailure, Failure, Follows
from koinonia.carriers.http import Answer
from koinonia.carriers.twilio import codes

Vector = Callable[[str], Any]


def refusal(status: int, body: Any = None, **headers: str) -> CarrierFailure:
    return codes.refusal(Answer(status, headers, body))


@pytest.mark.parametrize(
    ("number", "failure"),
    [(0, Failure.OPTED_OUT), (1, Failure.INVALID_NUMBER), (2, Failure.THROTTLED)],
)
def test_a_documented_refusal_is_understood(vector: Vector, number: int, failure: Failure) -> None:
    sample = vector("twilio_error")[number]
    found = refusal(sample["http_status"], sample["body"])
    assert (found.failure, found.ambiguous) == (failure, False)
    assert found.code == str(sample["body"]["code"])


@pytest.mark.parametrize(
    ("code", "follows"),
    [
        (21606, Follows.PAUSE_CHURCH),
        (21612, Follows.GIVE_UP),
        (21614, Follows.GIVE_UP),
        (21635, Follows.GIVE_UP),
        (20003, Follows.PAUSE_ALL),
        (30001, Follows.RETRY_LATER),
        (30003, Follows.RETRY_LATER),
        (30005, Follows.GIVE_UP),
        (30006, Follows.GIVE_UP),
        (30007, Follows.GIVE_UP),
        (30022, Follows.HOLD_NETWORK),
        (30034, Follows.PAUSE_CHURCH),
        ("21408", Follows.GIVE_UP),
    ],
)
def test_what_follows_from_a_code(code: int | str, follows: Follows) -> None:
    assert refusal(400, {"code": code, "message": ""}).failure.follows is follows


def test_a_code_has_one_meaning() -> None:
    every = [code for each in codes.CODES_BY_FAILURE.values() for code in each]
    assert len(every) == len(set(every)) == len(codes.FAILURES)


def test_only_one_code_opts_out() -> None:
    opting_out = [c for c, f in codes.FAILURES.items() if f is Failure.OPTED_OUT]
    assert opting_out == ["21610"]


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        (302, Failure.CARRIER_TROUBLE),
        (400, Failure.UNKNOWN),
        (401, Failure.ACCOUNT),
        (404, Failure.NOT_FOUND),
        (429, Failure.THROTTLED),
        (503, Failure.CARRIER_TROUBLE),
    ],
)
@pytest.mark.parametrize("body", [None, [], {}, {"code": None}, {"code": [1]}, {"code": 49999}])
def test_without_a_known_code_the_status_decides(status: int, failure: Failure, body: Any) -> None:
    assert refusal(status, body).failure is failure


@pytest.mark.parametrize(
    ("status", "ambiguous"), [(200, True), (400, False), (429, False), (500, True), (503, True)]
)
def test_only_an_answer_from_nowhere_is_ambiguous(status: int, ambiguous: bool) -> None:
    assert refusal(status).ambiguous is ambiguous


def test_a_pause_that_is_asked_for_is_told() -> None:
    assert refusal(429, {"code": 20429}, **{"retry-after": "3"}).retry_after == 3


def test_a_refusal_never_tells_a_phone_number() -> None:
    found = refusal(400, {"code": 21211, "message": "'To' number +12025550142 is not valid"})
    assert "[number]" in found.detail
    assert "555" not in f"{found!s}{found!r}"
