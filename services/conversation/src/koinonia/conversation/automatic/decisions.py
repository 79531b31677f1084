"""Whether a text is answered automatically, and with what. Pure functions.

The other side may be a machine too. Two machines that answer each other never stop, so a thread
gets three automatic answers in an hour at most, and none to what a machine seems to say.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from koinonia.common.events.messaging import TextUnderstood
from koinonia.conversation.automatic.office_hours import Office
from koinonia.conversation.threads.vocabulary import LineSource

HOUR = timedelta(hours=1)
MOST_IN_AN_HOUR = 3
SAME_IN_AN_HOUR = 3  # nobody types the same so often
LATE = HOUR  # "we are closed" is odd by then


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that the church has for a text. Of the same ``once`` a thread gets one."""

    source: LineSource
    text: str = field(repr=False)
    once: str


@dataclass(frozen=True, slots=True)
class Situation:
    """A thread that is to be answered. ``texts`` are those of the last hour, this one among them;
    ``answers`` is what was answered automatically on the last day."""

    text: str = field(repr=False)
    answers_in_an_hour: int
    texts: Sequence[str] = field(repr=False)
    answers: Sequence[str] = field(repr=False)


def wanted_answer(event: TextUnderstood, office: Office, now: datetime) -> Answer | None:
    """None for STOP, START and HELP: messaging answers these, outside the thread."""
    match event.meaning:
        case "keyword" if event.answer:
            once = f"keyword {event.carrier} {event.carrier_message_id}"
            return Answer(LineSource.KEYWORD, event.answer, once)
        case "none" if _is_after_hours(event.received_at, office, now):
            today = now.astimezone(office.zone).date()
            return Answer(LineSource.AFTER_HOURS, office.answer, f"after_hours {today}")
    return None


def _is_after_hours(received_at: datetime, office: Office, now: datetime) -> bool:
    """Closed when the text came, and still."""
    is_late = now - received_at > LATE
    return not is_late and office.is_closed(received_at) and office.is_closed(now)


def objection(answer: Answer, situation: Situation) -> str | None:
    """Why the answer is withheld, in a word for the log."""
    text = _normalized(situation.text)
    if situation.answers_in_an_hour >= MOST_IN_AN_HOUR:
        return "enough"
    if text in {_normalized(each) for each in (*situation.answers, answer.text)}:
        return "echo"
    if sum(_normalized(each) == text for each in situation.texts) >= SAME_IN_AN_HOUR:
        return "repeated"
    return None


def _normalized(text: str) -> str:
    return " ".join(text.casefold().split())
