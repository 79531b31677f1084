"""Whether a text is answered unasked, and with what. Pure functions.

The other side may be a machine too. Two that answer each other never end by themselves, so a
thread gets three such answers in an hour at most, and none to what a machine says.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from koinonia.common.events.messaging import TextUnderstood
from koinonia.conversation.automatic.office_hours import Office
from koinonia.conversation.threads.vocabulary import Source

HOUR = timedelta(hours=1)
MOST_IN_AN_HOUR = 3
SAME_IN_AN_HOUR = 3  # nobody types the same so often
LATE = HOUR  # "we are closed" is odd by then


@dataclass(frozen=True, slots=True)
class Wish:
    """An answer that the church has for a text. ``once`` makes one of its kind in a thread."""

    source: Source
    text: str = field(repr=False)
    once: str


@dataclass(frozen=True, slots=True)
class Situation:
    """A thread when it is to be answered. ``heard`` are its texts of the last hour, this one among
    them; ``told`` is what was answered unasked lately."""

    text: str = field(repr=False)
    answers_in_an_hour: int
    heard: Sequence[str] = field(repr=False)
    told: Sequence[str] = field(repr=False)


def wish(event: TextUnderstood, office: Office, now: datetime) -> Wish | None:
    """STOP, START and HELP have their own answers, which are no lines of the thread."""
    match event.meaning:
        case "keyword" if event.answer:
            once = f"keyword {event.carrier} {event.carrier_message_id}"
            return Wish(Source.KEYWORD, event.answer, once)
        case "none" if _is_after_hours(event.received_at, office, now):
            today = now.astimezone(office.zone).date()
            return Wish(Source.AFTER_HOURS, office.answer, f"after_hours {today}")
    return None


def _is_after_hours(received_at: datetime, office: Office, now: datetime) -> bool:
    """Closed when the text came, and still."""
    is_late = now - received_at > LATE
    return not is_late and office.is_closed(received_at) and office.is_closed(now)


def objection(wish: Wish, situation: Situation) -> str | None:
    """Why the answer is withheld, in a word for the log."""
    text = _bare(situation.text)
    if situation.answers_in_an_hour >= MOST_IN_AN_HOUR:
        return "enough"
    if text in {_bare(each) for each in (*situation.told, wish.text)}:
        return "echo"
    if sum(_bare(each) == text for each in situation.heard) >= SAME_IN_AN_HOUR:
        return "repeated"
    return None


def _bare(text: str) -> str:
    return " ".join(text.casefold().split())
