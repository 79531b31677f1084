"""What people text back, and what the church answers."""

from koinonia.common.phone import mask
from koinonia.devkit.carrier.state import segments
from koinonia.devkit.demo.answers import Json
from koinonia.devkit.demo.church import until
from koinonia.devkit.demo.stage import Stage, name

REPLY = "Thank you for writing back. We look forward to seeing you!"
MAYBE_STOP = "No more, please"
PLAIN_STOP, AGAIN = "please stop texting me", "I said stop"
SHOWN = 6


def hear_answers(stage: Stage) -> None:
    stage.screen.chapter("Answers")
    waiting = {*stage.answering, *stage.stopped}
    count = stage.unread_before + len(waiting)
    with stage.screen.waiting("People take out their phones ..."):
        until(lambda: stage.unread_count() >= count, "the answers")
        until(stage.network.is_quiet, "the phones to be quiet")
    stage.network.silence()
    threads = [thread for thread in stage.unread() if thread["phone"] in waiting]
    stage.screen.say(f"{len(stage.answering)} people answered, {len(stage.stopped)} said STOP:")
    stage.screen.table(
        ("who", "from", "wrote"),
        [
            (name(thread), mask(thread["phone"]), thread["lastMessage"]["content"])
            for thread in threads[:SHOWN]
        ],
    )
    stage.screen.say(f"… and {len(threads) - SHOWN} more.")
    news = stage.unread_count() - stage.unread_before
    stage.sums.claim("the inbox shows each answer as unread, once", news, len(waiting))
    until(lambda: not stage.reachable() & set(stage.stopped), "the STOPs to be noted")


def honour_plain_words(stage: Stage) -> None:
    """A STOP that no carrier hears. It is said twice and confirmed once."""
    stage.screen.chapter("A STOP in plain words")
    phone = stage.answering.pop()
    before = stage.network.received(phone)
    stage.network.will_receive([phone])
    _write(stage, phone, PLAIN_STOP)
    _write(stage, phone, AGAIN)
    until(lambda: len(stage.network.received(phone)) > len(before), "its confirmation")
    until(stage.network.is_quiet, "the phones to be quiet")
    answers = stage.network.received(phone)[len(before) :]
    stage.screen.say(
        f"{mask(phone)} writes “{PLAIN_STOP}”. The carrier answers bare keywords only, so we do:"
    )
    stage.screen.say(f"“{answers[0]}”")
    stage.screen.say(f"“{AGAIN}” is heard too, and not confirmed again. The ledger of this phone:")
    history = _history(stage, phone)
    stage.screen.table(
        ("consent", "by", "in these words"),
        [(each["kind"], each["method"].replace("_", " "), each["words"]) for each in history],
    )
    stage.stopped.append(phone)
    stage.small_parts += sum(map(segments.parts, answers))
    stage.sums.claim("a STOP in plain words is confirmed, exactly once", len(answers), 1)
    confirmed = [each for each in history if each["answerId"]]
    stage.sums.claim("the ledger names that one confirmation", len(confirmed), 1)
    stage.sums.claim("that phone is texted no more", phone in stage.reachable(), False)


def settle_a_question(stage: Stage) -> None:
    """Words that may be a STOP or an answer: broadcasts wait, and staff say what it was."""
    stage.screen.chapter("Asked to stop?")
    phone = stage.answering[-1]
    _write(stage, phone, MAYBE_STOP)
    thread = until(lambda: _asked(stage, phone), "the inbox to show the question")
    words = thread["stopQuestion"]["words"]
    stage.screen.say(f"{name(thread)} writes “{words}”. More chairs, or more texts?")
    draft = {"content": "Hello", "targetType": "all"}
    waits = stage.church.post("/api/messages/preview", draft, 200)["excluded"]
    stage.sums.claim("a text that may be a STOP lets broadcasts wait", waits["stopAsked"], 1)
    decision = {"phone": phone, "decision": "ordinary", "note": "It was about the chairs."}
    known = stage.church.post("/api/consents/stop-question", decision, 200)
    last = known["history"][-1]
    stage.screen.say(f"Staff call, and settle it; the ledger: {last['kind']}, “{last['note']}”")
    until(lambda: not _asked(stage, phone), "the inbox to show it settled")
    goes_on = stage.church.post("/api/messages/preview", draft, 200)["excluded"]
    stage.sums.claim("settled as an ordinary answer, broadcasts go on", goes_on["stopAsked"], 0)


def _asked(stage: Stage, phone: str) -> Json:
    """The unread thread of the phone, if it has an open question."""
    own = [each for each in stage.unread() if each["phone"] == phone]
    return next((each for each in own if each["stopQuestion"]), None)


def reply(stage: Stage) -> None:
    stage.screen.chapter("A reply")
    thread = next(t for t in stage.unread() if t["phone"] in stage.answering)
    path = f"/api/conversations/{thread['id']}"
    line = stage.church.post(f"{path}/reply", {"content": REPLY}, 202)

    def arrived() -> Json:
        messages = stage.church.get(path)["messages"]
        mine = next(each for each in messages if each["id"] == line["id"])
        return mine if mine["status"] in ("delivered", "failed") else None

    with stage.screen.waiting("The reply is on its way ..."):
        status = until(arrived, "the reply to arrive")["status"]
    stage.screen.say(f"To {name(thread)}: “{REPLY}”: {status}.")
    on_screen = stage.network.received(thread["phone"]).count(REPLY)
    is_delivered = status == "delivered"
    stage.replies += 1
    stage.small_parts += int(is_delivered)
    stage.sums.claim(
        "the reply is on the phone's screen as its status says", on_screen > 0, is_delivered
    )


def _write(stage: Stage, phone: str, words: str) -> None:
    """Text the church, and wait until its ledger has it."""
    stage.network.write(phone, stage.number, words)

    def is_noted() -> bool:
        return any(each["words"] == words for each in _history(stage, phone))

    until(is_noted, "the STOP to be noted")


def _history(stage: Stage, phone: str) -> list[Json]:
    history: list[Json] = stage.church.get("/api/consents", phone=phone)["history"]
    return history
