"""STOP, its one confirmation and the way back, from the phone through billing to the carrier."""

import csv
import io
from typing import Any

from koinonia.common.testing.eventually import eventually

from .churches import Church
from .conftest import Founded
from .network import Network


async def test_a_stop_in_plain_words_is_confirmed_once_and_a_yes_brings_back(
    found: Founded, phones: Network
) -> None:
    church = await found(members=1)
    [phone] = church.phones
    await phones.text(phone, church.number, "Please stop texting me")
    await eventually(lambda: _has(phones, phone, 1), 20)
    await phones.text(phone, church.number, "stop please!")
    assert await _state(church, phone, "revoked")
    refused = await church.api.post(
        "/api/messages/send", json={"content": "Sunday at ten", "targetType": "all"}
    )
    assert refused.json()["error"]["details"] == {"optedOut": 1}
    await phones.text(phone, church.number, "Yes")  # the carrier would answer START itself
    back = await eventually(lambda: _has(phones, phone, 2), 20)
    assert ["unsubscribed" in back[0], "subscribed again" in back[1]] == [True, True]
    await church.settled((await church.send("Sunday at ten"))["id"])
    assert len(await phones.texts(phone)) == 3
    usage = await eventually(lambda: _used(church, 3), 15)
    assert usage["reserved"] == 0


async def test_what_the_carrier_answers_we_do_not_and_the_audit_has_it_all(
    found: Founded, phones: Network
) -> None:
    church = await found(members=1)
    [phone] = church.phones
    await phones.text(phone, church.number, "STOP")
    assert await _state(church, phone, "revoked")
    lifted = await church.api.post(
        "/api/consents", json={"phone": phone, "kind": "granted", "note": "He changed his mind"}
    )
    assert (lifted.status_code, lifted.json()["error"]["code"]) == (409, "STOP_IS_THEIRS")
    exported = await church.api.get("/api/consents/export")
    rows = list(csv.DictReader(io.StringIO(exported.text, newline="")))
    assert [(row["kind"], row["method"]) for row in rows] == [
        ("granted", "import"),
        ("revoked", "keyword"),
    ]
    assert [row["words"] for row in rows][1] == "STOP"
    assert rows[0]["ipAddress"]
    assert await phones.texts(phone) == []


async def _has(phones: Network, phone: str, count: int) -> list[str] | None:
    texts = await phones.texts(phone)
    return texts if len(texts) == count else None


async def _state(church: Church, phone: str, state: str) -> bool:
    async def reached() -> bool:
        answer = await church.api.get("/api/consents", params={"phone": phone})
        return bool(answer.json()["state"] == state)

    return bool(await eventually(reached, 20))


async def _used(church: Church, parts: int) -> dict[str, Any] | None:
    usage: dict[str, Any] = await church.get("/api/billing/usage")
    return usage if usage["used"] == parts else None
