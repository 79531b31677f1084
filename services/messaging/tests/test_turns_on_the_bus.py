"""P6 with rates: a church whose number is slow holds up nobody but itself."""

import time

import pytest

from koinonia.common.testing import service
from koinonia.common.testing.eventually import eventually
from koinonia.messaging.program import PROGRAM

from . import factories
from .stage import Stage


@pytest.mark.usefixtures("small_batches")
async def test_a_slow_number_holds_up_no_other_church(alone: Stage) -> None:
    async with alone.running.database.transaction() as session:
        other_id = await factories.church(session)
        await factories.active_number(session, other_id)
    quick = Stage(alone.running, other_id, alone.network, alone.sink)
    await alone.run(
        """
        INSERT INTO sending_rates (kind, name, parts_per_second)
        SELECT 'number', phone_number, 1 FROM phone_numbers
        """
    )
    await alone.members(100)
    await quick.members(50)

    async with service.working(PROGRAM, alone.running):
        slow_id = await alone.started("Take your time")
        await eventually(lambda: bool(alone.network.texts))
        began = time.monotonic()
        quick_id = await quick.started("Hurry")
        await eventually(lambda: sent(quick, quick_id.hex), within=15)
        assert time.monotonic() - began < 12
        assert (await alone.message(slow_id)).status == "sending"
        taken = [text for text in alone.network.texts.values() if text.text != "Hurry"]
        assert 0 < len(taken) < 20


async def sent(stage: Stage, message_id: str) -> bool:
    found = await stage.query(
        "SELECT 1 FROM dispatch_batches WHERE message_id = CAST(:id AS uuid)", id=message_id
    )
    return not found
