"""Staff ask how a number is connected now."""

from uuid import UUID

from koinonia.carriers.failures import CarrierFailure
from koinonia.messaging.errors import CarrierAway, NumberCheckedJustNow, NumberNotActive
from koinonia.messaging.numbers import number_checks, numbers
from koinonia.messaging.numbers.numbers import Number
from koinonia.messaging.recovery import number_recovery
from koinonia.messaging.running import Running
from koinonia.messaging.vocabulary import NumberStatus


async def check(running: Running, church_id: UUID, number_id: UUID) -> Number:
    """The number as it is after a look at the carrier, which puts right what it can. Raises
    ``NoSuchNumber``, ``NumberNotActive``, ``NumberCheckedJustNow`` and ``CarrierAway``."""
    async with running.database.transaction(church_id) as session:
        number = await numbers.find(session, number_id)
        if number.status != NumberStatus.ACTIVE:
            raise NumberNotActive.now(number.status)
        await number_checks.add(session, number_id)
        due = await number_checks.claim_now(session, number_id)
        if due is None:
            raise NumberCheckedJustNow.after(number_checks.AGAIN_SECONDS)
    try:
        await number_recovery.check(running, due)
    except CarrierFailure:
        raise CarrierAway from None
    async with running.database.transaction(church_id) as session:
        return await numbers.find(session, number_id)
