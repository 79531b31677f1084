"""The inbox as it fills, seen on the event stream by somebody who has it open."""

import secrets
import time

from koinonia.devkit.demo.answers import Json
from koinonia.devkit.demo.stage import Stage, name
from koinonia.devkit.demo.stream import Stream

PARKING = "Where do I park on Sunday?"
HOSPITAL = "My father is in hospital, could somebody pray with us?"
SOUND = "Can I help with the sound?"
QUESTIONS = (
    PARKING,
    "Is there child care during the service?",
    HOSPITAL,
    SOUND,
    "Do you have a Bible in large print?",
    "What time is the youth meeting?",
    "We are new in town. May we come by?",
    "Thank you for the meal, it meant a lot 🙏",
)
PAUSE_SECONDS = 0.25  # between two texts, so that one can watch
PATIENCE_SECONDS = 20.0


def watch_it_fill(stage: Stage) -> None:
    stage.screen.chapter("The inbox, live")
    writers = _strangers_to_this_run(stage, len(QUESTIONS))
    before = stage.unread_count()
    stage.screen.say("Staff have it open (GET /api/events). People write, one by one:")
    seen: list[str] = []
    with stage.church.stream() as stream:
        for phone, words in zip(writers, QUESTIONS, strict=True):
            written = time.monotonic()
            stage.network.write(phone, stage.number, words)
            news = _heard(stream)
            seen.append(news.data["preview"])
            stage.screen.say(_line(stage, news.data, news.at - written))
            time.sleep(PAUSE_SECONDS)
    stage.sums.claim("the stream showed each text, once and as it was written", seen, [*QUESTIONS])
    stage.sums.claim(
        "what the stream showed is what the inbox holds", stage.unread_count(), before + len(seen)
    )


def newest_thread(stage: Stage, words: str) -> Json:
    """The newest one that ends with these words."""
    threads = stage.church.everything("/api/conversations")
    return next(each for each in threads if each["lastMessage"]["content"] == words)


def _heard(stream: Stream) -> Json:
    while True:
        news = stream.next("conversation.updated", PATIENCE_SECONDS)
        if news.data["reason"] == "received":
            return news


def _line(stage: Stage, data: Json, seconds: float) -> str:
    thread = stage.church.get(f"/api/conversations/{data['conversationId']}", messagesLimit=1)
    return f"{1000 * seconds:5.0f} ms  {name(thread)}: “{data['preview']}”"


def _strangers_to_this_run(stage: Stage, count: int) -> list[str]:
    """Phones that neither answer nor have said STOP in this run."""
    quiet = stage.reachable() - {*stage.answering, *stage.stopped}
    return secrets.SystemRandom().sample(sorted(quiet), count)
