"""What waits while somebody may have asked to stop, from phone to phone, and what does not."""

from datetime import timedelta
from typing import Any

from koinonia.common import clock
from koinonia.common.testing.eventually import eventually
from koinonia.devkit.system import System

from . import schedules, threads
from .churches import Church
from .conftest import Founded
from .network import Network

ASKS = "no more messages from your church please"
WORD = {"word": "PICNIC", "answer": "Noon, at the lake"}


async def _asked(church: Church) -> dict[str, Any] | None:
    """The thread that is listed as one to be settled."""
    found = await church.everything("/api/conversations", stopQuestion="open")
    return found[0] if found else None


async def _settle(church: Church, decision: str) -> None:
    said = {"phone": church.phones[0], "decision": decision, "note": "They called"}
    answer = await church.api.post("/api/consents/stop-question", json=said)
    assert answer.status_code == 200, answer.text

    async def is_settled() -> bool:
        return await _asked(church) is None

    await eventually(is_settled, 20)


async def test_broadcasts_and_schedules_wait_and_answers_do_not(
    found: Founded, phones: Network, system: System
) -> None:
    church = await found(members=2)
    asking, other = church.phones
    assert (await church.api.post("/api/keywords", json=WORD)).status_code == 201
    day = (clock.now() + timedelta(days=3)).date()
    wall = {"localTime": f"{day}T09:00:00", "timezone": "America/New_York"}
    later = {"content": "On Sunday", "targetType": "all", "scheduledFor": wall}
    schedule = (await church.api.post("/api/schedules", json=later)).json()

    await phones.text(asking, church.number, ASKS)
    thread = await eventually(lambda: _asked(church), 20)
    assert thread["stopQuestion"]["words"] == ASKS

    sent = await church.settled((await church.send("To everybody"))["id"])
    assert (sent["totalRecipients"], sent["excluded"]["stopAsked"]) == (1, 1)
    await schedules.bring_forward(system, schedule["id"])
    await eventually(lambda: _received(phones, other, "On Sunday"), 20)
    assert await phones.texts(asking) == []

    await threads.answer(church, thread, "Do you mean our texts?")
    await eventually(lambda: _received(phones, asking, "Do you mean our texts?"), 20)
    await phones.text(asking, church.number, "Picnic?")
    await eventually(lambda: _received(phones, asking, WORD["answer"]), 20)

    await _settle(church, "ordinary")
    await church.settled((await church.send("To everybody again"))["id"])
    assert "To everybody again" in (await phones.texts(asking))[-1]


async def test_staff_are_told_whom_they_may_not_answer_and_what_they_can_do(
    found: Founded, phones: Network
) -> None:
    church = await found(members=1)
    [phone] = church.phones
    await phones.text(phone, church.number, ASKS)
    thread = await eventually(lambda: _asked(church), 20)
    path = f"/api/conversations/{thread['id']}/reply"
    await _settle(church, "stop")

    refused = await eventually(lambda: _refused(church, path), 20)
    assert "POST /api/consents" in refused["message"]
    words = {"phone": phone, "kind": "granted", "words": "I meant the chairs"}
    assert (await church.api.post("/api/consents", json=words)).status_code == 201
    await eventually(lambda: _accepted(church, path), 20)
    await eventually(lambda: _received(phones, phone, "Gladly"), 20)

    await phones.text(phone, church.number, "STOP")
    refused = await eventually(lambda: _refused(church, path), 20)
    assert "text START" in refused["message"]


async def _received(phones: Network, phone: str, words: str) -> bool:
    return any(words in text for text in await phones.texts(phone))


async def _refused(church: Church, path: str) -> dict[str, Any] | None:
    """The error of a reply, once it is refused."""
    answer = await church.api.post(path, json={"content": "One moment"})
    error: dict[str, Any] | None = answer.json().get("error")
    return error if error and error["code"] == "RECIPIENT_OPTED_OUT" else None


async def _accepted(church: Church, path: str) -> bool:
    return (await church.api.post(path, json={"content": "Gladly"})).status_code == 202
