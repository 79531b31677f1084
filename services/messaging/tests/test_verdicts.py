"""P1: what the carrier's answer to one text allows."""

import pytest

from koinonia.carriers.failures import CarrierFailure, Failure, Follows
from koinonia.common import db
from koinonia.messaging.broadcasts.sending import call_failures
from koinonia.messaging.broadcasts.sending.call_failures import Again, Why
from koinonia.messaging.broadcasts.sending.carrier_calls import Answer
from koinonia.messaging.broadcasts.sending.claims import Claimed
from koinonia.messaging.broadcasts.tracking.text_updates import News

ENDS = {
    Follows.GIVE_UP: "failed",
    Follows.BUG: "failed",
    Follows.OPTED_OUT: "skipped",
}


def verdict(
    failure: Failure,
    *,
    ambiguous: bool = False,
    earlier: bool = False,
    repeatable: bool = True,
    attempt: int = 1,
) -> News | Again:
    """``earlier``: a call before this one may have been carried out."""
    text = Claimed(db.uuid7(), "sealed", attempt, may_be_sent=earlier)
    failed = CarrierFailure(failure, ambiguous=ambiguous)
    answer = Answer(text, failure=failed, may_be_sent=earlier)
    return call_failures.verdict(answer, "telnyx", is_repeatable=repeatable)


@pytest.mark.parametrize("failure", sorted(set(Failure) - {Failure.KEY_REUSED}))
def test_a_refusal_ends_the_text_or_keeps_it_for_another_try(failure: Failure) -> None:
    found = verdict(failure)

    if failure.follows in ENDS:
        assert isinstance(found, News)
        assert (found.status, found.failure) == (ENDS[failure.follows], failure)
    else:
        assert isinstance(found, Again)
        assert not found.may_be_sent


@pytest.mark.parametrize("failure", Failure)
def test_what_may_have_been_sent_is_never_failed(failure: Failure) -> None:
    found = verdict(failure, ambiguous=True)

    assert isinstance(found, Again) or found.status == "unconfirmed"
    assert isinstance(found, News) or found.may_be_sent


@pytest.mark.parametrize("failure", Failure)
def test_a_refusal_for_now_leaves_an_earlier_call_in_doubt(failure: Failure) -> None:
    first, last = verdict(failure, earlier=True), verdict(failure, earlier=True, attempt=30)

    if failure.follows in (*call_failures.LATER, *call_failures.PAUSES):
        assert isinstance(first, Again)
        assert first.may_be_sent
        assert isinstance(last, Again) or last.status == "unconfirmed"
    else:
        assert isinstance(first, News)
        assert first.status in ("failed", "unconfirmed")  # which a report may still correct


def test_another_text_under_the_same_key_is_not_called_failed() -> None:
    found = verdict(Failure.KEY_REUSED)

    assert isinstance(found, News)
    assert found.status == "unconfirmed"


@pytest.mark.parametrize("failure", Failure)
def test_a_carrier_that_cannot_repeat_is_never_asked_twice(failure: Failure) -> None:
    found = verdict(failure, ambiguous=True, repeatable=False)

    assert isinstance(found, News)
    assert found.status == "unconfirmed"


@pytest.mark.parametrize("failure", Failure)
def test_nothing_is_tried_for_ever(failure: Failure) -> None:
    found = verdict(failure, attempt=call_failures.MOST_ATTEMPTS)

    assert isinstance(found, News) or failure.follows in call_failures.PAUSES


def test_an_unreachable_phone_is_given_up_sooner_than_a_carrier() -> None:
    assert isinstance(verdict(Failure.UNREACHABLE, attempt=3), News)
    assert isinstance(verdict(Failure.CARRIER_TROUBLE, attempt=3), Again)


def test_the_pause_is_the_one_the_carrier_asked_for() -> None:
    failure = CarrierFailure(Failure.THROTTLED, retry_after=17.0)
    answer = Answer(Claimed(db.uuid7(), "sealed", 1), failure=failure)

    found = call_failures.verdict(answer, "telnyx", is_repeatable=True)

    assert isinstance(found, Again)
    assert found.seconds == 17.0


def test_a_pause_grows_to_five_minutes() -> None:
    pauses = [verdict(Failure.NOT_CONNECTED, attempt=attempt) for attempt in (1, 2, 3, 20)]

    assert [again.seconds for again in pauses if isinstance(again, Again)] == [5, 10, 20, 300]


def test_a_text_whose_turn_did_not_come_is_tried_again_when_it_may() -> None:
    text = Claimed(db.uuid7(), "sealed", 1)
    for wait, seconds in ((0.0, 0.0), (7.5, 7.5), (40_000.0, 300.0)):
        found = call_failures.verdict(Answer(text, wait=wait), "telnyx", is_repeatable=False)
        assert found == Again(text, seconds, why=Why.TURN)


def test_a_phone_holds_up_nobody() -> None:
    found = [verdict(failure) for failure in (Failure.UNREACHABLE, Failure.NETWORK_LIMIT)]
    assert [again.why for again in found if isinstance(again, Again)] == [Why.PHONE] * 2
