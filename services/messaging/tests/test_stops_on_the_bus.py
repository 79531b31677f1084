"""STOP in the middle of a running broadcast, over a real broker, with two workers at once."""

import asyncio
from datetime import datetime
from random import Random
from typing import Any

from koinonia.common import clock, db
from koinonia.common.bus import Publisher
from koinonia.common.events.billing import SpendApproved
from koinonia.common.events.ingress import CarrierMessageReceived
from koinonia.common.testing import service
from koinonia.common.testing.eventually import eventually
from koinonia.messaging.program import PROGRAM

from . import factories
from .stage import Stage

PEOPLE, STOPS = 2000, 60
WAYS = (("STOP", "STOP"), ("please stop texting me", None), ("Stop", None))


async def test_who_says_stop_while_a_broadcast_runs_gets_no_text_from_then_on(
    alone: Stage,
) -> None:
    alone.network.behaviour.turn({"send_latency": 0.02})
    await alone.members(PEOPLE)
    number = (await alone.query("SELECT phone_number FROM phone_numbers"))[0].phone_number
    sent = await alone.send("Service is at ten")

    async with (
        service.listening(PROGRAM, alone.running) as publisher,
        service.listening(PROGRAM, alone.running),
    ):
        await _approve(publisher, alone, sent.id)
        stopped = await _stop_some(alone, publisher, number)
        await eventually(lambda: _is_over(alone, publisher, "broadcast"), within=120)
        for message in await alone.query("SELECT id FROM messages WHERE kind = 'confirmation'"):
            await _approve(publisher, alone, message.id)
        await eventually(lambda: _is_over(alone, publisher, "confirmation"), within=60)

    texts = {text.phone_index: text for text in await alone.texts(sent.id)}
    late = [texts[index] for index, at in stopped.items() if texts[index].called_at > at]
    assert {(text.status, text.failure) for text in late} == {("skipped", "opted_out")}
    received = await _broadcasts_received(alone)
    skipped = {index for index, text in texts.items() if text.status == "skipped"}
    assert len(skipped) > 0
    assert skipped <= stopped.keys()
    assert received == dict.fromkeys(texts.keys() - skipped, 1)


async def _approve(publisher: Publisher, stage: Stage, message_id: Any) -> None:
    approved = SpendApproved(church_id=stage.church_id, message_id=message_id, parts=PEOPLE)
    await publisher.publish_event(approved)


async def _stop_some(stage: Stage, publisher: Publisher, number: str) -> dict[str, datetime]:
    """STOPs at random moments of the sending; when each had surely been committed, by phone."""
    random, stopped = Random(4), dict[str, datetime]()
    people = await stage.query("SELECT phone_index, phone_sealed FROM members")
    for person in random.sample(people, STOPS):
        text, matched = random.choice(WAYS)
        said = CarrierMessageReceived(
            carrier="telnyx",
            carrier_message_id=str(db.uuid7()),
            to=number,
            sealed_sender=person.phone_sealed,
            text=text,
            received_at=clock.now(),
            opt_out_type=matched,
        )
        await stage.hear(said)
        [row] = await stage.query("SELECT clock_timestamp() AS now")
        stopped[person.phone_index] = row.now
        await _pass_on(stage, publisher)
        await asyncio.sleep(random.uniform(0, 0.05))  # the moments are what this is about
    return stopped


async def _is_over(stage: Stage, publisher: Publisher, kind: str) -> bool:
    await _pass_on(stage, publisher)
    open_ones = await stage.query(
        "SELECT 1 FROM messages WHERE kind = :kind AND status <> 'completed'", kind=kind
    )
    return not open_ones


async def _pass_on(stage: Stage, publisher: Publisher) -> None:
    for report in stage.sink.take():
        await publisher.publish_event(report)


async def _broadcasts_received(stage: Stage) -> dict[str, int]:
    """How many texts of the broadcast each phone has, by its index."""
    found = {}
    for phone, record in stage.network.ledger.phones.items():
        count = sum(receipt.text == "Service is at ten" for receipt in record.receipts)
        if count:
            found[factories.PHONES.index(stage.church_id, phone)] = count
    return found
