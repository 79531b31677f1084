"""The walk over a real broker, with two workers at once."""

from koinonia.common.events.billing import SpendApproved
from koinonia.common.testing import service
from koinonia.common.testing.eventually import eventually
from koinonia.messaging.program import PROGRAM

from .stage import Stage

PHONES = 230


async def test_a_broadcast_reaches_every_phone_once(alone: Stage) -> None:
    alone.network.behaviour.turn({"duplicate_share": 0.3, "sent_after": 0.05})
    await alone.members(PHONES)
    sent = await alone.send("Service is at ten")
    approved = SpendApproved(church_id=alone.church_id, message_id=sent.id, parts=PHONES)

    async with (
        service.listening(PROGRAM, alone.running) as publisher,
        service.listening(PROGRAM, alone.running),
    ):
        await publisher.publish_event(approved)
        await publisher.publish_event(approved)

        async def is_completed() -> bool:
            for report in alone.sink.take():
                await publisher.publish_event(report)
            return bool((await alone.message(sent.id)).status == "completed")

        await eventually(is_completed, within=30)

    assert await alone.counted(sent.id) == {"delivered": PHONES}
    received = [len(record.receipts) for record in alone.network.ledger.phones.values()]
    assert received == [1] * PHONES
    assert alone.network.ledger.calls == {"accepted": PHONES}
