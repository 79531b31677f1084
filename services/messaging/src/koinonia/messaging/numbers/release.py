"""A church gives a number up: here at once, and at the carrier as soon as it answers."""

from typing import NamedTuple
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.events.messaging import NumberReleased
from koinonia.messaging.composing import schedules_using
from koinonia.messaging.errors import NoSuchNumber, NumberInUse, NumberNotActive
from koinonia.messaging.numbers import number_routes, numbers
from koinonia.messaging.running import Running
from koinonia.messaging.vocabulary import NumberStatus

log = structlog.get_logger()


class _Number(NamedTuple):
    carrier: str
    status: str
    phone_number: str


async def release(session: AsyncSession, church_id: UUID, number_id: UUID) -> None:
    """Give the number up, unless something is or will be sent from it; groups that had it text
    from the church's first again. Asked for again, it changes
    nothing. Whoever makes a message holds the row of its number, see ``senders.py``."""
    number = await db.one(
        session,
        _Number,
        "SELECT carrier, status, phone_number FROM phone_numbers WHERE id = :id FOR UPDATE",
        {"id": number_id},
        missing=NoSuchNumber,
    )
    if number.status == NumberStatus.RELEASED:
        return
    if number.status != NumberStatus.ACTIVE:
        raise NumberNotActive.now(number.status)
    if messages := await _under_way(session, church_id, number.phone_number):
        raise NumberInUse.by(messages)
    if schedules := await schedules_using.with_number(session, number_id):
        raise NumberInUse.by_schedules(schedules)
    await db.run(
        session, "UPDATE groups SET number_id = NULL WHERE number_id = :id", {"id": number_id}
    )
    await numbers.give_up(session, church_id, number_id)


async def give_back(running: Running, event: NumberReleased) -> None:
    """Give the number back to the carrier. When the event comes again, the number may be somebody
    else's by now: then it is left alone."""
    async with running.database.transaction(event.church_id) as session:
        number = await db.first(
            session,
            _Number,
            "SELECT carrier, status, phone_number FROM phone_numbers WHERE id = :id",
            {"id": event.number_id},
        )
        if number is None or not await number_routes.free(session, [number.phone_number]):
            return
    await running.carriers[number.carrier].give_back(number.phone_number)
    log.info("number.given_back", number_id=str(event.number_id))


async def _under_way(session: AsyncSession, church_id: UUID, phone_number: str) -> int:
    """Messages from this number that still have texts to send."""
    return await db.count(
        session,
        """
        SELECT count(*) FROM messages
         WHERE church_id = :church AND sender = :number
           AND status IN ('pending', 'sending', 'paused') AND pending_count + sending_count > 0
        """,
        {"church": church_id, "number": phone_number},
    )
