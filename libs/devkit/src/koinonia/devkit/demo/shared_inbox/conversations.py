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
    day = thread["stopQuestion"]["countsFrom"][:10]
    stage.screen.say(f"{name(thread)} writes “{words}”. No more chairs, or no more texts?")
    stage.screen.say(f"Staff are asked. Broadcasts wait; unsettled, it is a stop from {day} on.")
    waiting = stage.church.total("/api/conversations", stopQuestion="open")
    stage.sums.claim("the inbox lists it among what is to be settled", waiting, 1)
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
    """One reply that arrives, and one to a phone that is made to be out of reach."""
    stage.screen.chapter("A reply")
    reached, away = [t for t in stage.unread() if t["phone"] in stage.answering][:2]
    stage.network.will_receive([reached["phone"]])
    line = _reply(stage, reached)
    stage.screen.say(f"To {name(reached)}: “{REPLY}”: {line['status']}.")
    stage.screen.say(f"{name(away)} is in the mountains: the simulated network cannot reach them.")
    stage.network.will_be_away(away["phone"])
    line = _reply(stage, away)
    why = f"{line['status']}, {line['failure']}"
    stage.screen.say(f"To {name(away)}, the same: {why}, as the inbox shows it.")
    stage.network.will_receive([away["phone"]])
    shown = [REPLY in stage.network.received(each["phone"]) for each in (reached, away)]
    stage.sums.claim("a reply is on the screen of the phone that was reached", shown, [True, False])
    stage.small_parts += segments.parts(REPLY)


def _reply(stage: Stage, thread: Json) -> Json:
    """The line of the reply, once it is known what became of it."""
    path = f"/api/conversations/{thread['id']}"
    sent = stage.church.post(f"{path}/reply", {"content": REPLY}, 202)
    stage.replies += 1

    def arrived() -> Json:
        messages = stage.church.get(path)["messages"]
        mine = next(each for each in messages if each["id"] == sent["id"])
        return mine if mine["status"] in ("delivered", "failed") else None

    with stage.screen.waiting("The reply is on its way ..."):
        return until(arrived, "the reply to arrive")


def _write(stage: Stage, phone: str, words: str) -> None:
    """Text the church, and wait until its ledger has it."""
    stage.network.write(phone, stage.number, words)

    def is_noted() -> bool:
        return any(each["words"] == words for each in _history(stage, phone))

    until(is_noted, "the STOP to be noted")


def _history(stage: Stage, phone: str) -> list[Json]:
    history: list[Json] = stage.church.get("/api/consents", phone=phone)["history"]
    return history
