"""Staff ask for a number: one is chosen from what the carrier offers, and goes on order."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.messaging import verification
from koinonia.messaging.numbers import (
    area_codes,
    daily_orders,
    due_orders,
    number_limit,
    number_routes,
    numbers,
    offers,
)
from koinonia.messaging.numbers.numbers import Number
from koinonia.messaging.numbers.schemas import NumberIn
from koinonia.messaging.running import Running
from koinonia.messaging.settings import Settings

Record = Callable[[AsyncSession], Awaitable[object]]
"""Writes down that a number was ordered, in the transaction that orders it."""


async def request(
    running: Running, church_id: UUID, wanted: NumberIn, number_id: UUID, record: Record
) -> Number:
    """The pending number under this id; what is there already under it is not ordered again."""
    area_codes.check(wanted.area_code)
    carrier = running.settings.carrier
    async with running.database.transaction(church_id) as session:
        if known := await numbers.first(session, number_id):
            return known
        await _check(session, running.settings, church_id)
    offered = await offers.search(running.carriers[carrier], wanted.area_code)
    async with running.database.transaction(church_id) as session:
        await verification.lock(session, church_id)
        if known := await numbers.first(session, number_id):
            return known
        await _check(session, running.settings, church_id)  # others may have ordered meanwhile
        await daily_orders.count(session, running.settings)
        number = (await number_routes.free(session, offered) or offered)[0]
        await numbers.request(session, church_id, number_id, number, carrier, wanted.area_code)
        await due_orders.add(session, church_id, number_id)
        await record(session)
        return await numbers.find(session, number_id)


async def _check(session: AsyncSession, settings: Settings, church_id: UUID) -> None:
    """Raises why this church may not order a number now."""
    await verification.check(session, church_id)
    await numbers.check_none_pending(session)
    await number_limit.check(session, church_id)
    await daily_orders.check(session, settings, church_id)
