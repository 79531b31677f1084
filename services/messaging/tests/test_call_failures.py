"""P1: what the carrier's answer to one text allows."""

import pytest

from koinonia.carriers.failures import CarrierFailure, Failure, Follows
from koinonia.common import db
from koinonia.messaging.broadcasts.controls.pauses import PAUSES_MESSAGE
from koinonia.messaging.broadcasts.sending import call_failures
from koinonia.messaging.broadcasts.sending.call_failures import Outcome, Retry, Why
from koinonia.messaging.broadcasts.sending.claims import Claimed
from koinonia.messaging.broadcasts.tracking.text_updates import TextNews

ENDS = {
    Follows.GIVE_UP: "failed",
    Follows.BUG: "failed",
    Follows.OPTED_OUT: "skipped",
}


def claimed(attempt: int = 1) -> Claimed:
    return Claimed(db.uuid7(), "sealed", attempt, parts=1, may_be_sent=False, merge_values=None)


def outcome(
    failure: Failure,
    *,
    ambiguous: bool = False,
    earlier: bool = False,
    repeatable: bool = True,
    attempt: int = 1,
) -> Outcome:
    """``earlier``: a call before this one may have been carried out."""
    failed = CarrierFailure(failure, ambiguous=ambiguous)
    return call_failures.outcome(
        claimed(attempt), failed, may_be_sent=earlier, is_repeatable=repeatable
    )


@pytest.mark.parametrize("failure", sorted(set(Failure) - {Failure.KEY_REUSED}))
def test_a_refusal_ends_the_text_or_keeps_it_for_another_try(failure: Failure) -> None:
    found = outcome(failure)

    if failure.follows in ENDS:
        assert isinstance(found, TextNews)
        assert (found.status, found.failure) == (ENDS[failure.follows], failure)
    else:
        assert isinstance(found, Retry)
        assert not found.may_be_sent


@pytest.mark.parametrize("failure", Failure)
def test_what_may_have_been_sent_is_never_failed(failure: Failure) -> None:
    found = outcome(failure, ambiguous=True)

    assert isinstance(found, Retry) or found.status == "unconfirmed"
    assert isinstance(found, TextNews) or found.may_be_sent


@pytest.mark.parametrize("failure", Failure)
def test_a_refusal_for_now_leaves_an_earlier_call_in_doubt(failure: Failure) -> None:
    first, last = outcome(failure, earlier=True), outcome(failure, earlier=True, attempt=30)

    if failure.follows in (*call_failures.LATER, *PAUSES_MESSAGE):
        assert isinstance(first, Retry)
        assert first.may_be_sent
        assert isinstance(last, Retry) or last.status == "unconfirmed"
    else:
        assert isinstance(first, TextNews)
        assert first.status in ("failed", "unconfirmed")  # which a report may still correct


def test_another_text_under_the_same_key_is_not_called_failed() -> None:
    found = outcome(Failure.KEY_REUSED)

    assert isinstance(found, TextNews)
    assert found.status == "unconfirmed"


@pytest.mark.parametrize("failure", Failure)
def test_a_carrier_that_cannot_repeat_is_never_asked_twice(failure: Failure) -> None:
    found = outcome(failure, ambiguous=True, repeatable=False)

    assert isinstance(found, TextNews)
    assert found.status == "unconfirmed"


@pytest.mark.parametrize("failure", Failure)
def test_nothing_is_tried_for_ever(failure: Failure) -> None:
    found = outcome(failure, attempt=call_failures.MOST_ATTEMPTS)

    assert isinstance(found, TextNews) or failure.follows in PAUSES_MESSAGE


def test_an_unreachable_phone_is_given_up_sooner_than_a_carrier() -> None:
    assert isinstance(outcome(Failure.UNREACHABLE, attempt=3), TextNews)
    assert isinstance(outcome(Failure.CARRIER_TROUBLE, attempt=3), Retry)


def test_the_pause_is_the_one_the_carrier_asked_for() -> None:
    failure = CarrierFailure(Failure.THROTTLED, retry_after=17.0)

    found = call_failures.outcome(claimed(), failure, may_be_sent=False, is_repeatable=True)

    assert isinstance(found, Retry)
    assert found.seconds == 17.0


def test_a_pause_grows_to_five_minutes() -> None:
    pauses = [outcome(Failure.NOT_CONNECTED, attempt=attempt) for attempt in (1, 2, 3, 20)]

    assert [retry.seconds for retry in pauses if isinstance(retry, Retry)] == [5, 10, 20, 300]


def test_a_text_whose_turn_did_not_come_is_tried_again_when_it_may() -> None:
    text = claimed()
    for wait, seconds in ((0.0, 0.0), (7.5, 7.5), (40_000.0, 300.0)):
        found = call_failures.not_called(text, wait)
        assert found == Retry(text, seconds, why=Why.TURN)


def test_a_phone_holds_up_nobody() -> None:
    found = [outcome(failure) for failure in (Failure.UNREACHABLE, Failure.NETWORK_LIMIT)]
    assert [retry.why for retry in found if isinstance(retry, Retry)] == [Why.PHONE] * 2
