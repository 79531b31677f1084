"""What no report tells is looked up in the carrier's own record, and nothing is sent again."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from koinonia.common import clock, db
from koinonia.common.events.messaging import DeliveryStatus
from koinonia.common.testing.eventually import eventually
from koinonia.messaging.broadcasts.reconciliation import record_lookup
from koinonia.messaging.broadcasts.reconciliation.record_lookup import CHURCHES
from koinonia.messaging.messages import record_requests

from .reporting import report
from .stage import Stage


async def sent(stage: Stage, lost: float = 0.0, content: str = "Hello") -> UUID:
    """A message to everybody, all of whose reports get lost, and perhaps the answers too."""
    stage.network.behaviour.turn({"drop_share": 1.0, "lost_answer_share": lost})
    message_id = await stage.started(content)
    await stage.work()
    await eventually(lambda: stage.network.pending == 0)
    stage.sink.take()
    return message_id


async def look(stage: Stage, **later: float) -> None:
    with clock.shift(timedelta(**later)):
        await record_lookup.look(stage.running)


async def wanted(stage: Stage) -> int:
    rows = await stage.query(
        "SELECT 1 FROM wanted_records WHERE church_id = :id", id=stage.church_id
    )
    return len(rows)


async def test_a_call_whose_answer_got_lost_is_found_in_the_record(twilio: Stage) -> None:
    await twilio.members(3)
    message_id = await sent(twilio, lost=1.0)
    assert await twilio.counted(message_id) == {"unconfirmed": 3}

    await look(twilio, minutes=4)
    assert await twilio.counted(message_id) == {"unconfirmed": 3}
    await look(twilio, minutes=6)

    assert await twilio.counted(message_id) == {"delivered": 3}
    assert await wanted(twilio) == 0
    assert {len(phone.receipts) for phone in twilio.network.ledger.phones.values()} == {1}


async def test_churches_are_looked_after_beside_one_another_and_one_holds_up_none(
    twilio: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    churches, together = {db.uuid7() for _ in range(CHURCHES)}, asyncio.Barrier(CHURCHES)
    async with twilio.running.database.transaction() as session:
        for church_id in churches:
            await record_requests.want(session, church_id, [db.uuid7()])
    seen: set[UUID] = set()

    async def meet(_: object, __: object, church_id: UUID, ___: object) -> None:
        async with asyncio.timeout(5):
            await together.wait()
        seen.add(church_id)
        raise ConnectionError

    monkeypatch.setattr(record_lookup, "_look", meet)
    await look(twilio, minutes=6)
    assert seen == churches


async def test_what_the_record_does_not_hold_stays_unconfirmed(twilio: Stage) -> None:
    await twilio.members(1)
    message_id = await sent(twilio, lost=1.0)
    twilio.network.texts.clear()

    for hours in (1, 3, 12, 48):
        await look(twilio, hours=hours)

    assert await twilio.counted(message_id) == {"unconfirmed": 1}
    assert await wanted(twilio) == 0


async def test_two_texts_that_are_alike_are_not_mistaken_for_one_another(twilio: Stage) -> None:
    await twilio.members(1)
    first = await sent(twilio)
    second = await sent(twilio, lost=1.0)
    [known] = await twilio.texts(first)
    of_first = twilio.network.texts[known.carrier_message_id]
    twilio.network.texts.clear()
    twilio.network.texts[of_first.id] = of_first

    await look(twilio, minutes=6)

    assert await twilio.counted(second) == {"unconfirmed": 1}


async def test_parts_that_no_report_tells_are_looked_up_and_billed(twilio: Stage) -> None:
    await twilio.members(2)
    message_id = await sent(twilio, content="Hello " * 40)
    await twilio.run(
        """
        UPDATE message_recipients SET status = 'sent', parts = NULL, parts_billed = 1
         WHERE message_id = :id
        """,
        id=message_id,
    )
    await twilio.run(
        "UPDATE messages SET sending_count = 0, sent_count = 2, parts_billed = 2 WHERE id = :id",
        id=message_id,
    )
    texts = await twilio.texts(message_id)
    await twilio.report(
        *(
            report(
                *(twilio, text.id, DeliveryStatus.DELIVERED),
                carrier="twilio",
                carrier_message_id=text.carrier_message_id,
                parts=None,
            )
            for text in texts
        )
    )

    await look(twilio, minutes=6)

    assert [text.parts for text in await twilio.texts(message_id)] == [2, 2]
    assert (await twilio.message(message_id)).parts_billed == 4
    assert await wanted(twilio) == 0
