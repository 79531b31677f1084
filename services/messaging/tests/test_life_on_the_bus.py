"""Pausing, resuming and cancelling a broadcast while two workers send it."""

from uuid import UUID

from koinonia.common.testing import service
from koinonia.common.testing.eventually import eventually
from koinonia.messaging.broadcasts.controls import cancellation, pauses
from koinonia.messaging.program import PROGRAM

from .stage import Stage

PHONES = 1000
PATIENCE = 60  # seconds; a stall has no end here, because no loop mends what was forgotten


async def under_way(alone: Stage) -> UUID:
    """A broadcast of which a quarter is with the carrier."""
    alone.network.behaviour.turn({"send_latency": 0.002})
    await alone.members(PHONES)
    message_id = await alone.started()
    await eventually(lambda: alone.network.ledger.calls.total() > PHONES // 4, within=PATIENCE)
    return message_id


async def at_rest(alone: Stage) -> bool:
    """No worker has a batch in hand."""
    return not await alone.query("SELECT 1 FROM dispatch_batches WHERE state <> 'waiting'")


def most_texts_on_a_phone(alone: Stage) -> int:
    return max(len(record.receipts) for record in alone.network.ledger.phones.values())


async def test_a_broadcast_paused_and_resumed_in_the_middle_reaches_every_phone_once(
    alone: Stage,
) -> None:
    database = alone.running.database
    async with (
        service.listening(PROGRAM, alone.running),
        service.listening(PROGRAM, alone.running),
    ):
        message_id = await under_way(alone)
        async with database.transaction(alone.church_id) as session:
            await pauses.pause(session, message_id)
        await eventually(lambda: at_rest(alone), within=PATIENCE)
        assert 0 < await left(alone, message_id) == PHONES - alone.network.ledger.calls.total()
        async with database.transaction(alone.church_id) as session:
            await pauses.resume(session, alone.church_id, message_id)
        await eventually(lambda: at_rest(alone), within=PATIENCE)
    await alone.arrivals()

    assert await alone.counted(message_id) == {"delivered": PHONES}
    assert (await alone.message(message_id)).status == "completed"
    assert (alone.network.ledger.calls["accepted"], most_texts_on_a_phone(alone)) == (PHONES, 1)


async def left(alone: Stage, message_id: UUID) -> int:
    return int((await alone.message(message_id)).pending_count)


async def test_a_broadcast_cancelled_in_the_middle_accounts_for_every_text(alone: Stage) -> None:
    async with (
        service.listening(PROGRAM, alone.running),
        service.listening(PROGRAM, alone.running),
    ):
        message_id = await under_way(alone)
        async with alone.running.database.transaction(alone.church_id) as session:
            await cancellation.cancel(session, alone.church_id, message_id)
        await eventually(lambda: at_rest(alone), within=PATIENCE)
    await alone.arrivals()

    counted = await alone.counted(message_id)
    accepted = alone.network.ledger.calls["accepted"]
    assert counted == {"delivered": accepted, "skipped": PHONES - accepted}
    assert most_texts_on_a_phone(alone) == 1
