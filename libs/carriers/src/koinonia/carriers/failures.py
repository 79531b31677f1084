"""Why a text was not carried: a closed vocabulary, and what follows from each word.

A carrier names what happened; one place in messaging decides by :attr:`Failure.follows`. The
name travels in events and is stored beside the text, so a member of this enum is never renamed.

What follows speaks about a *call* the carrier refused: nothing was sent, so trying again is safe.
When the failure arrives in a report about a text already accepted, the text has failed; only
``opted_out`` and the two pauses still ask for something.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

PHONE_LIKE = re.compile(r"\+?\d(?:[\s().-]*\d){6,}")


class Follows(StrEnum):
    """The consequence of a failure."""

    RETRY_LATER = "retry_later"  # the same call again after a pause
    GIVE_UP = "give_up"  # this text fails; the others go on
    OPTED_OUT = "opted_out"  # record the opt-out; the text is skipped, never tried again
    HOLD_NETWORK = "hold_network"  # wait with recipients of this mobile network
    PAUSE_CHURCH = "pause_church"  # every text of this church would fail: keep its queue
    PAUSE_ALL = "pause_all"  # every text of every church would fail: keep all queues, alert
    BUG = "bug"  # our call was wrong: this text fails, alert a developer


class Failure(StrEnum):
    """What went wrong, in our words."""

    INVALID_NUMBER = "invalid_number"
    NOT_TEXTABLE = "not_textable"
    REGION_NOT_ALLOWED = "region_not_allowed"
    OPTED_OUT = "opted_out"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    EXPIRED = "expired"
    LOOP = "loop"
    CONTENT_BLOCKED = "content_blocked"
    TOO_LONG = "too_long"
    BAD_MEDIA = "bad_media"
    SPAM_SUSPECTED = "spam_suspected"
    NETWORK_LIMIT = "network_limit"
    THROTTLED = "throttled"
    CARRIER_TROUBLE = "carrier_trouble"
    NOT_CONNECTED = "not_connected"
    NO_ANSWER = "no_answer"
    SENDER_BLOCKED = "sender_blocked"
    SENDER_ON_HOLD = "sender_on_hold"
    NOT_REGISTERED = "not_registered"
    MISCONFIGURED = "misconfigured"
    SPEND_LIMIT = "spend_limit"
    ACCOUNT = "account"
    NUMBER_TAKEN = "number_taken"
    SEARCH_FIRST = "search_first"
    NOT_FOUND = "not_found"
    BAD_REQUEST = "bad_request"
    KEY_REUSED = "key_reused"
    UNKNOWN = "unknown"

    @property
    def follows(self) -> Follows:
        return RULES[self].follows

    @property
    def sentence(self) -> str:
        """For church staff: what happened and, where they can act, what to do."""
        return RULES[self].sentence


@dataclass(frozen=True, slots=True)
class Rule:
    follows: Follows
    sentence: str


RULES: dict[Failure, Rule] = {
    Failure.INVALID_NUMBER: Rule(
        Follows.GIVE_UP, "This phone number does not exist. Correct it on the member's page."
    ),
    Failure.NOT_TEXTABLE: Rule(
        Follows.GIVE_UP, "This phone cannot receive texts; it may be a landline."
    ),
    Failure.REGION_NOT_ALLOWED: Rule(
        Follows.GIVE_UP, "Texts to the country of this phone are not enabled."
    ),
    Failure.OPTED_OUT: Rule(
        Follows.OPTED_OUT, "This person asked not to be texted. They can text START to come back."
    ),
    Failure.UNREACHABLE: Rule(
        Follows.RETRY_LATER, "The phone could not be reached. It may be switched off."
    ),
    Failure.REFUSED: Rule(Follows.GIVE_UP, "The person's mobile network refused the text."),
    Failure.EXPIRED: Rule(Follows.GIVE_UP, "The text waited too long on its way and was dropped."),
    Failure.LOOP: Rule(
        Follows.GIVE_UP, "Two automatic senders were answering each other, so the text was stopped."
    ),
    Failure.CONTENT_BLOCKED: Rule(
        Follows.GIVE_UP, "The text was blocked for its content. Reword it; avoid short links."
    ),
    Failure.TOO_LONG: Rule(Follows.GIVE_UP, "The text is too long. Shorten it and send again."),
    Failure.BAD_MEDIA: Rule(
        Follows.GIVE_UP, "A picture or file is too large or of the wrong kind. At most 10, 1 MB."
    ),
    Failure.SPAM_SUSPECTED: Rule(
        Follows.HOLD_NETWORK, "A mobile network took the text for spam for now. Reword it."
    ),
    Failure.NETWORK_LIMIT: Rule(
        Follows.HOLD_NETWORK, "A mobile network limits how fast we may send; the text must wait."
    ),
    Failure.THROTTLED: Rule(
        Follows.RETRY_LATER, "The carrier is busy and asked us to slow down; the text must wait."
    ),
    Failure.CARRIER_TROUBLE: Rule(
        Follows.RETRY_LATER, "The carrier has a problem on its side; we try again."
    ),
    Failure.NOT_CONNECTED: Rule(
        Follows.RETRY_LATER, "The carrier could not be reached; we try again."
    ),
    Failure.NO_ANSWER: Rule(
        Follows.RETRY_LATER, "The carrier did not answer, so it is not known whether the text left."
    ),
    Failure.SENDER_BLOCKED: Rule(
        Follows.PAUSE_CHURCH, "Your sending number was blocked. Ask support for another number."
    ),
    Failure.SENDER_ON_HOLD: Rule(
        Follows.PAUSE_CHURCH,
        "Your sending number is not ready yet. Resume what was paused when it is.",
    ),
    Failure.NOT_REGISTERED: Rule(
        Follows.PAUSE_CHURCH,
        "Your number is not registered with the mobile networks. Register it, then resume.",
    ),
    Failure.MISCONFIGURED: Rule(
        Follows.PAUSE_CHURCH,
        "The carrier does not let texts leave from your sending number. It is being checked; what "
        "can be put right is, and the rest is sent then. Ask support if that takes longer.",
    ),
    Failure.SPEND_LIMIT: Rule(
        Follows.PAUSE_CHURCH,
        "The daily spending limit is reached. Raise it or wait a day, then resume.",
    ),
    Failure.ACCOUNT: Rule(
        Follows.PAUSE_ALL,
        "Texting is interrupted for everybody. Support was told and resumes what was paused.",
    ),
    Failure.NUMBER_TAKEN: Rule(Follows.GIVE_UP, "This number is gone. Choose another one."),
    Failure.SEARCH_FIRST: Rule(
        Follows.RETRY_LATER, "This number was offered too long ago. Search again, then order."
    ),
    Failure.NOT_FOUND: Rule(Follows.BUG, "The carrier does not know what we asked for."),
    Failure.BAD_REQUEST: Rule(
        Follows.BUG, "The text could not be sent because of a mistake of ours. Support was told."
    ),
    Failure.KEY_REUSED: Rule(
        Follows.BUG, "Another text was already sent in place of this one. Support has been told."
    ),
    Failure.UNKNOWN: Rule(
        Follows.GIVE_UP, "The carrier refused the text for a reason we do not know."
    ),
}


class CarrierFailure(Exception):
    """The carrier did not do what we asked.

    ``code``: the carrier's own code, if it gave one. ``detail``: its words, with anything that
    looks like a phone number masked. ``retry_after``: seconds it asked us to wait.
    ``ambiguous``: the call may have been carried out all the same; only the identical call (same
    idempotency key, same bytes) may follow, and if that is impossible the text is
    ``unconfirmed``, never failed.
    """

    def __init__(
        self,
        failure: Failure,
        *,
        code: str | None = None,
        detail: str = "",
        retry_after: float | None = None,
        ambiguous: bool = False,
    ) -> None:
        self.failure = failure
        self.code = code
        self.detail = PHONE_LIKE.sub("[number]", detail)[:500]
        self.retry_after = retry_after
        self.ambiguous = ambiguous
        super().__init__(failure, code, self.detail)

    def __str__(self) -> str:
        return f"{self.failure} ({self.code or 'no code'}): {self.detail or self.failure.sentence}"
