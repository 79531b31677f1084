"""Texts, each sent as its preview showed it."""

import secrets
from collections import Counter

from koinonia.devkit.demo import arithmetic, people, previews, screen
from koinonia.devkit.demo.answers import Json
from koinonia.devkit.demo.arithmetic import Sending
from koinonia.devkit.demo.church import until
from koinonia.devkit.demo.errors import NotAsExpected
from koinonia.devkit.demo.network import ANSWERS
from koinonia.devkit.demo.stage import NO_TEXTS, Stage, listed

ANSWERING, STOPPING, AWAY = 25, 3, 2
TEMPLATE = "Service reminder"  # one of those that a church has from the beginning
SEGMENT = "Wrote to us this week"
FILTER = {"lastHeardFrom": {"withinDays": 7}}
REMEMBERED = "did not reach"  # words of the text that follows
AGAIN = "Hello {{firstName|friend}}, our last text did not reach you: service on Sunday is at 10."


def text_everybody(stage: Stage, preview: Json) -> None:
    stage.screen.chapter("It is sent")
    reachable = sorted(stage.reachable())
    homes = sorted(people.families().keys() & set(reachable))
    chosen = secrets.SystemRandom().sample(reachable, ANSWERING + STOPPING)
    stage.stopped, stage.answering = chosen[:STOPPING], chosen[STOPPING:]
    words = {phone: ANSWERS[n % len(ANSWERS)] for n, phone in enumerate(stage.answering)}
    stage.unread_before = stage.unread_count()
    stage.network.will_answer(words | dict.fromkeys(stage.stopped, "STOP"))
    stage.network.will_receive(homes)
    stage.screen.say("As it was shown: had the audience or the price changed, it would not leave.")
    _send(stage, "the first text", {"content": preview["content"]}, preview, reachable)
    _greet_families(stage, homes)


def use_a_template(stage: Stage) -> None:
    stage.screen.chapter("Another text, from a template")
    kept = until(lambda: _templates(stage), "the templates")
    template = kept[TEMPLATE]
    stage.screen.say(f"{len(kept)} templates wait for their use. “{TEMPLATE}”:")
    stage.screen.say(f"“{template['content']}”")
    before, message = stage.sendings[-1].meant, {"templateId": template["id"]}
    reachable, textless = stage.reachable(), stage.textless() & before
    preview = previews.preview_of(stage, message)
    for phone in sorted(reachable)[:AWAY]:
        stage.network.will_be_away(phone)
    arithmetic.check_preview(stage.sums, "the second preview", preview, reachable, stage.left_out())
    _send(stage, "the second text", message, preview, sorted(reachable))
    stage.screen.say(
        f"Left out since the first: {len(stage.stopped)} who said STOP, and {len(textless)} whose "
        "network says that they take no texts."
    )
    stage.sums.claim(
        "left out since the first text: who said STOP, who takes none, and nobody else",
        before - reachable,
        {*stage.stopped, *textless},
    )


def save_a_segment(stage: Stage) -> None:
    """A segment of those who wrote lately, and what a text to it would do."""
    stage.screen.chapter("A segment")
    segment = _segment(stage)
    stage.screen.say(
        f"“{SEGMENT}” is {segment['memberCount']} people today. It is looked up each time that it "
        "is used, so next week it is others."
    )
    members = list(stage.church.everything(f"/api/segments/{segment['id']}/members"))
    phones = {member["phone"] for member in members}
    silent = {*stage.answering, *stage.stopped} - phones
    stage.sums.claim("the segment holds everybody who wrote", silent, set())
    stage.sums.claim("the segment counts its members", segment["memberCount"], len(members))
    target = {"type": "segment", "segmentId": segment["id"]}
    preview = previews.preview_of(stage, {"content": "Thank you for writing!", "target": target})
    reachable = phones & stage.reachable()
    stage.screen.say(f"A text to it would go to {preview['phones']} phones.")
    stage.sums.claim(
        "its preview counts those who may be texted", preview["phones"], len(reachable)
    )


def try_again(stage: Stage) -> None:
    """Text those again whose last text failed, and nobody else."""
    stage.screen.chapter("Those whom it did not reach")
    earlier = stage.sendings[-1].message["id"]
    failed = stage.texts(earlier, status="failed")
    meant = {text["phone"] for text in failed if text["failure"]["code"] not in NO_TEXTS}
    stage.network.will_receive(meant)
    target = {"type": "recipients_of", "messageId": earlier, "statuses": ["failed"]}
    message: dict[str, object] = {"content": AGAIN, "target": target}
    preview = previews.preview_of(stage, message)
    stage.screen.say(
        f"{len(failed)} texts failed. Another try goes to {preview['phones']} of these phones; the "
        "others take no texts, as their networks said."
    )
    left_out = _left_out(stage, failed, meant)
    arithmetic.check_preview(stage.sums, "the preview of the second try", preview, meant, left_out)
    _send(stage, "the second try", message, preview, sorted(meant))
    stage.sums.claim(
        "the second try arrives", stage.sendings[-1].message["counts"]["delivered"], len(meant)
    )
    _find_it_again(stage)


def _find_it_again(stage: Stage) -> None:
    """A broadcast, by words that somebody remembers of it."""
    found = stage.church.get("/api/messages", search=REMEMBERED, limit=1)["data"]
    stage.screen.say(f"Who looks for “{REMEMBERED}” finds it: “{found[0]['content']}”")
    stage.sums.claim(
        "a search of broadcasts finds the newest with these words",
        [each["id"] for each in found],
        [stage.sendings[-1].message["id"]],
    )


def _send(
    stage: Stage, name: str, message: dict[str, object], preview: Json, meant: list[str]
) -> None:
    """Send, watch until it is over, and note what the carrier took meanwhile."""
    before = stage.network.tally()
    accepted = stage.church.send(
        message | {"previewHash": preview["previewHash"]}, secrets.token_hex(8)
    )
    looks = stage.screen.follow(lambda: stage.church.get(f"/api/messages/{accepted['id']}"))
    if declined := looks[-1]["declined"]:
        raise NotAsExpected(f"The message was declined. {declined['reason']}")
    if (status := looks[-1]["status"]) not in screen.OVER:
        raise NotAsExpected(f"The message is still {status}. To see why: make logs")
    sending = Sending(looks, frozenset(meant), stage.network.tally().since(before), preview)
    stage.sendings.append(sending)
    arithmetic.check_sending(stage.sums, name, sending)
    texts = stage.texts(accepted["id"])
    _explain_failures(stage, texts)
    arithmetic.check_texts(stage.sums, name, sending, texts)


def _explain_failures(stage: Stage, texts: list[Json]) -> None:
    """The simulated network loses two texts in a hundred; why is what it says of each."""
    codes = [text["failure"]["code"] for text in texts if text["status"] == "failed"]
    if codes:
        reasons = listed(
            [f"{count} {code.replace('_', ' ')}" for code, count in Counter(codes).most_common()]
        )
        stage.screen.say(f"{len(codes)} failed, as on a good day two in a hundred do: {reasons}.")


def _greet_families(stage: Stage, homes: list[str]) -> None:
    families = people.families()
    astray = [
        phone
        for phone in homes
        if f"Hello {listed(families[phone])}," not in stage.network.received(phone)[-1]
    ]
    stage.sums.claim("each family that shares a phone is greeted by all its names", astray, [])


def _templates(stage: Stage) -> dict[str, Json] | None:
    """By name; None until the church has its first ones."""
    found = {each["name"]: each for each in stage.church.everything("/api/templates")}
    return found if TEMPLATE in found else None


def _segment(stage: Stage) -> Json:
    known = {each["name"]: each["id"] for each in stage.church.everything("/api/segments")}
    if SEGMENT in known:
        return stage.church.get(f"/api/segments/{known[SEGMENT]}")
    return stage.church.post("/api/segments", {"name": SEGMENT, "filter": FILTER})


def _left_out(stage: Stage, failed: list[Json], meant: set[str]) -> dict[str, int]:
    sharing = Counter(member["phone"] for member in stage.members())
    found = {
        "landline or invalid": len(failed) - len(meant),
        "duplicate": sum(sharing[text["phone"]] - 1 for text in failed),
    }
    return {reason: count for reason, count in found.items() if count}
