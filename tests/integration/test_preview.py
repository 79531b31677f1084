"""The price shown is the price charged: a preview is what is then sent, charged and excluded."""

import itertools
import random
from typing import Any

import pytest

from koinonia.common.testing.eventually import eventually
from koinonia.common.testing.phones import phone

from . import crowd
from .churches import Church
from .conftest import Founded
from .network import Network

_phones = map(phone, itertools.count(5_000))


@pytest.mark.parametrize("seed", [1, 2])
async def test_a_preview_is_what_is_then_sent_charged_and_excluded(
    found: Founded, phones: Network, seed: int
) -> None:
    dice = random.Random(seed)
    church = await found()
    people = crowd.people(dice, _phones, 40)
    await gather(church, people)
    agreed = sorted({each.phone for each in people if each.consents})
    stopped = set(dice.sample(agreed, 3))
    for each in sorted(stopped):
        await phones.text(each, church.number, "STOP")
    groups = {each["name"]: each["id"] for each in await church.everything("/api/groups")}
    await eventually(lambda: has_stopped(church, len(stopped)), 10)

    for content in crowd.TEXTS:
        chosen = dice.choice([[], ["Choir"], ["Choir", "Youth"]])
        must = crowd.expected(people, stopped, chosen, content)
        asked = {"content": content, **target(groups, chosen)}
        preview = await previewed(church, asked)
        assert (preview["people"], preview["phones"], preview["parts"]) == (
            must.people,
            len(must.texts),
            must.parts,
        )
        left_out = preview["excluded"]
        assert (left_out["optedOut"], left_out["noConsent"]) == (must.opted_out, must.no_consent)
        await sent_as_previewed(church, phones, asked, preview, must)


async def sent_as_previewed(
    church: Church, phones: Network, asked: dict[str, Any], preview: dict[str, Any], must: Any
) -> None:
    before = await unreserved(church)
    sent = await church.send(**asked, previewHash=preview["previewHash"])
    message = await church.settled(sent["id"])
    assert message["excluded"] == preview["excluded"]
    assert (message["totalRecipients"], message["parts"]) == (
        preview["phones"],
        {"estimated": preview["parts"], "billed": preview["parts"]},
    )
    after = await unreserved(church)
    assert after["used"] - before["used"] == preview["parts"]
    assert after["remaining"] == preview["remainingParts"]
    for number, text in must.texts.items():
        assert (await phones.texts(number))[-1] == text


async def test_a_preview_that_no_longer_holds_is_not_sent(found: Founded) -> None:
    church = await found(members=3)
    asked = {"content": "See you", "targetType": "all"}
    preview = await previewed(church, asked)
    await church.bring(5)
    answer = await church.api.post(
        "/api/messages/send", json=asked | {"previewHash": preview["previewHash"]}
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "PREVIEW_CHANGED")
    assert answer.json()["error"]["details"]["difference"]["phones"] == 5


async def gather(church: Church, people: list[crowd.Person]) -> None:
    made = await church.api.post("/api/fields", json={"key": "seat", "label": "Seat"})
    assert made.status_code == 201, made.text
    imported = await church.import_csv("\n".join([crowd.HEADER, *(p.row for p in people)]))
    assert imported["created"] == len(people), imported


def target(groups: dict[str, str], chosen: list[str]) -> dict[str, Any]:
    if not chosen:
        return {"targetType": "all"}
    return {"targetType": "groups", "targetIds": [groups[name] for name in chosen]}


async def previewed(church: Church, asked: dict[str, Any]) -> dict[str, Any]:
    answer = await church.api.post("/api/messages/preview", json=asked)
    assert answer.status_code == 200, answer.text
    preview: dict[str, Any] = answer.json()
    return preview


async def unreserved(church: Church) -> dict[str, Any]:
    """The usage once nothing is held any more, and messaging has heard of it."""

    async def settled() -> Any:
        usage = await church.get("/api/billing/usage")
        preview = await previewed(church, {"content": "", "mediaUrls": [URL], "targetType": "all"})
        known = preview["remainingParts"] == max(usage["remaining"] - preview["parts"], 0)
        return usage if usage["reserved"] == 0 and known else None

    usage: dict[str, Any] = await eventually(settled, 20)
    return usage


URL = "https://example.org/a.png"


async def has_stopped(church: Church, phones: int) -> bool:
    preview = await previewed(church, {"content": "Hello", "targetType": "all"})
    return bool(preview["excluded"]["optedOut"] == phones)
