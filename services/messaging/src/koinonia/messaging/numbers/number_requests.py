"""Staff ask for a number: one is chosen from what the carrier offers, and goes on order."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db, idempotency
from koinonia.messaging import verification
from koinonia.messaging.numbers import area_codes, due_orders, number_routes, numbers, offers
from koinonia.messaging.numbers.numbers import Number
from koinonia.messaging.numbers.schemas import NumberIn
from koinonia.messaging.running import Running

SCOPE = "phone-numbers"


async def request(running: Running, church_id: UUID, wanted: NumberIn, key: str | None) -> Number:
    """The pending number; with a ``key`` used before, the number it made then."""
    area_codes.check(wanted.area_code)
    carrier = running.settings.carrier
    number_id = db.uuid7()
    async with running.database.transaction(church_id) as session:
        if await _is_known(session, key):
            known = await _earlier(session, church_id, wanted, key, number_id)
            assert known is not None
            return known
        await verification.check(session, church_id)
        await numbers.check_none_pending(session)
    offered = await offers.search(running.carriers[carrier], wanted.area_code)
    async with running.database.transaction(church_id) as session:
        earlier = await _earlier(session, church_id, wanted, key, number_id)
        if earlier is not None:
            return earlier
        number = (await number_routes.free(session, offered) or offered)[0]
        await numbers.request(session, church_id, number_id, number, carrier, wanted.area_code)
        await due_orders.add(session, church_id, number_id)
        return await numbers.find(session, number_id)


async def _is_known(session: AsyncSession, key: str | None) -> bool:
    return await db.exists(
        session,
        "SELECT 1 FROM idempotency_keys WHERE scope = :scope AND key = :key",
        {"scope": SCOPE, "key": key},
    )


async def _earlier(
    session: AsyncSession, church_id: UUID, wanted: NumberIn, key: str | None, number_id: UUID
) -> Number | None:
    """The number that ``key`` made before; otherwise it makes ``number_id``."""
    if key is None:
        return None
    earlier = await idempotency.claimed_before(session, church_id, SCOPE, key, wanted, number_id)
    return await numbers.find(session, earlier) if earlier else None
