"""Pausing, resuming and cancelling a broadcast while two workers send it."""

from uuid import UUID

from koinonia.common.testing import service
from koinonia.common.testing.eventually import eventually
from koinonia.messaging.broadcasts import cancelling
from koinonia.messaging.program import PROGRAM

from .stage import Stage

PHONES = 2000


async def under_way(alone: Stage) -> UUID:
    """A broadcast of which a quarter is with the carrier."""
    alone.network.behaviour.turn({"send_latency": 0.002})
    await alone.members(PHONES)
    message_id = await alone.started()
    await eventually(lambda: alone.network.ledger.calls.total() > PHONES // 4, within=30)
    return message_id


async def at_rest(alone: Stage) -> bool:
    """No worker has a batch in hand."""
    return not await alone.query("SELECT 1 FROM dispatch_batches WHERE state <> 'waiting'")


def most_texts_on_a_phone(alone: Stage) -> int:
    return max(len(record.receipts) for record in alone.network.ledger.phones.values())


async def test_a_broadcast_cancelled_in_the_middle_accounts_for_every_text(alone: Stage) -> None:
    async with (
        service.listening(PROGRAM, alone.running),
        service.listening(PROGRAM, alone.running),
    ):
        message_id = await under_way(alone)
        async with alone.running.database.transaction(alone.church_id) as session:
            await cancelling.cancel(session, alone.church_id, message_id)
        await eventually(lambda: at_rest(alone), within=30)
    await alone.arrivals()

    counted = await alone.counted(message_id)
    accepted = alone.network.ledger.calls["accepted"]
    assert counted == {"delivered": accepted, "skipped": PHONES - accepted}
    assert most_texts_on_a_phone(alone) == 1
