"""A carrier that loses what connects a number: nothing is sent twice, and texts come in again."""

from typing import Any

from koinonia.common.testing.eventually import eventually

from .churches import Church
from .conftest import Founded
from .network import Network


async def test_a_broadcast_from_a_number_that_lost_its_profile_reaches_each_phone_once(
    found: Founded, phones: Network
) -> None:
    church = await found(members=150)
    before = await phones.received(church.phones)
    assert await phones.lose(church.number, profiles=1.0) == [church.number]
    sent = await church.send("The picnic is on Saturday.")
    message = await church.settled(sent["id"])
    assert message["counts"]["delivered"] == 150
    assert await phones.received(church.phones) == [each + 1 for each in before]
    assert (await _number(church))["connection"] == "connected"


async def test_a_profile_lost_in_the_middle_of_a_broadcast_costs_no_text_and_doubles_none(
    found: Founded, phones: Network
) -> None:
    church = await found(members=400)
    before = await phones.received(church.phones)
    await phones.turn(send_latency=0.02)
    sent = await church.send("The picnic is on Saturday.")
    await eventually(lambda: _has_begun(church, sent["id"]))
    await phones.lose(church.number, profiles=1.0)
    message = await church.settled(sent["id"], within=90)
    assert message["counts"]["delivered"] == 400
    assert await phones.received(church.phones) == [each + 1 for each in before]


async def test_texts_come_in_again_once_the_address_was_put_back(
    found: Founded, phones: Network
) -> None:
    church = await found(members=1)
    [phone] = church.phones
    await phones.lose(church.number, webhooks=1.0)
    number = await _number(church)
    checked = await church.api.post(f"/api/phone-numbers/{number['id']}/check")
    assert (checked.status_code, checked.json()["connection"]) == (200, "connected")
    await phones.text(phone, church.number, "Is there room for five?")
    thread = await church.conversation_with(phone)
    assert thread["lastMessage"]["content"] == "Is there room for five?"


async def _number(church: Church) -> dict[str, Any]:
    [number] = await church.everything("/api/phone-numbers")
    return number


async def _has_begun(church: Church, message_id: str) -> bool:
    counts = (await church.message(message_id))["counts"]
    return bool(counts["sent"] + counts["delivered"])
