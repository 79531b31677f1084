"""What follows from a call that failed. Every failure is decided here.

The rule behind it: a text is ``failed`` only when it surely was not sent, and sent again only when
that is surely harmless. Between the two it is ``unconfirmed``. A carrier that knows repeated calls
answers one that it took before as it did then; so its refusal of a text settles also what an
earlier call left in doubt, but "not now" or "not you" settles nothing.
"""

from dataclasses import dataclass
from enum import StrEnum

import structlog

from koinonia.carriers.failures import CarrierFailure, Failure, Follows
from koinonia.common.events.messaging import DeliveryStatus
from koinonia.messaging.broadcasts.controls.pauses import PAUSES_MESSAGE
from koinonia.messaging.broadcasts.sending.claims import Claimed
from koinonia.messaging.broadcasts.tracking.text_updates import TextNews

log = structlog.get_logger()

MOST_ATTEMPTS = 30  # with the pauses below some two hours: a carrier's bad morning
MOST_ATTEMPTS_BY_FAILURE = {Failure.UNREACHABLE: 3}  # this is the phone, not the carrier
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 300.0  # seconds, doubled from attempt to attempt
LATER = (Follows.RETRY_LATER, Follows.HOLD_NETWORK)


class Why(StrEnum):
    """What a text waits for, which tells whether those behind it would do better."""

    TURN = "turn"  # its limits or its time: it was not called for
    CARRIER = "carrier"
    PHONE = "phone"  # this phone, or its mobile network


@dataclass(frozen=True, slots=True)
class Retry:
    """Try this text once more. ``may_be_sent``: the call may have been carried out all the same,
    so that only the identical one may follow."""

    text: Claimed
    seconds: float
    may_be_sent: bool = False
    why: Why = Why.CARRIER
    failure: Failure | None = None  # of the last call


Outcome = TextNews | Retry
"""What a batch has to record of one of its texts."""


def not_called(text: Claimed, wait: float = 0.0) -> Retry:
    """Its turn did not come; it may in ``wait`` seconds."""
    seconds = min(wait, LONGEST_PAUSE)  # by then the limits may be others
    return Retry(text, seconds, text.may_be_sent, Why.TURN)


def outcome(
    text: Claimed, failure: CarrierFailure, *, may_be_sent: bool, is_repeatable: bool
) -> Outcome:
    """What follows when the last call for a text failed; ``may_be_sent`` by a call before it."""
    follows = failure.failure.follows
    if follows is Follows.BUG:
        log.error("carrier.call_refused", failure=failure.failure, code=failure.code)
    if failure.ambiguous and not is_repeatable:
        return _end(text, failure, DeliveryStatus.UNCONFIRMED)
    in_doubt = failure.ambiguous or may_be_sent
    if follows in PAUSES_MESSAGE:
        return Retry(text, 0.0, in_doubt, failure=failure.failure)
    most = MOST_ATTEMPTS_BY_FAILURE.get(failure.failure, MOST_ATTEMPTS)
    if follows in LATER and text.attempt < most:
        is_phone = follows is Follows.HOLD_NETWORK or failure.failure is Failure.UNREACHABLE
        why = Why.PHONE if is_phone else Why.CARRIER
        return Retry(text, _pause(text.attempt, failure), in_doubt, why, failure.failure)
    return _end(text, failure, _last_status(failure, may_be_sent))


def _last_status(failure: CarrierFailure, may_be_sent: bool) -> DeliveryStatus:
    follows = failure.failure.follows
    if failure.ambiguous or (may_be_sent and follows in LATER):
        return DeliveryStatus.UNCONFIRMED
    if failure.failure is Failure.KEY_REUSED:  # the carrier took a text of this recipient before
        return DeliveryStatus.UNCONFIRMED
    # No report ever moves what is skipped, so that is only for what nobody can have sent.
    if follows is Follows.OPTED_OUT and not may_be_sent:
        return DeliveryStatus.SKIPPED
    return DeliveryStatus.FAILED


def _end(text: Claimed, failure: CarrierFailure, status: DeliveryStatus) -> TextNews:
    return TextNews(
        recipient_id=text.recipient_id,
        status=status,
        failure=failure.failure,
        failure_code=failure.code,
    )


def _pause(attempt: int, failure: CarrierFailure) -> float:
    if failure.retry_after is not None:
        return failure.retry_after
    return min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** (attempt - 1))
