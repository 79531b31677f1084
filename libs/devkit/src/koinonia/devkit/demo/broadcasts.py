"""Texts to everybody, each sent as its preview showed it."""

import secrets
from collections import Counter

from koinonia.devkit.demo import arithmetic, people, previews, screen
from koinonia.devkit.demo.answers import Json
from koinonia.devkit.demo.arithmetic import Sending
from koinonia.devkit.demo.church import until
from koinonia.devkit.demo.errors import NotAsExpected
from koinonia.devkit.demo.network import ANSWERS
from koinonia.devkit.demo.stage import Stage, listed

ANSWERING, STOPPING = 25, 3
TEMPLATE = "Service reminder"  # one of those that a church has from the beginning


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


def _send(
    stage: Stage, name: str, message: dict[str, object], preview: Json, meant: list[str]
) -> None:
    """Send, watch until it is over, and note what the carrier took meanwhile."""
    before = stage.network.tally()
    accepted = stage.church.send_to_everybody(
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
