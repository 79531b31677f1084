"""Texts to a number that nobody had when they came, as far as we know: kept sealed, of no church.

``number.assigned`` may come later than the first text to that number. A text that never finds an
owner stays for operators. Where a group text went that names no number only the sealed event says,
so it is looked at again after a while, ever less often.
"""

import base64
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db
from koinonia.common.events.ingress import CarrierMessageReceived
from koinonia.common.phone import Phones

CONTEXT = b"parked inbound"
PAUSE_AFTER_FAILURE = timedelta(minutes=5)
SHORTEST_PAUSE, LONGEST_PAUSE = timedelta(seconds=10), timedelta(days=1)


async def park(session: AsyncSession, event: CarrierMessageReceived, phones: Phones) -> None:
    now = clock.now()
    sealed = phones.ring.seal(event.model_dump_json().encode(), CONTEXT)
    await db.run(
        session,
        """
        INSERT INTO parked_inbound (event_id, our_number, received_at, event_sealed, rests_until)
        VALUES (:id, :our_number, :received_at, :sealed, :rests_until)
        ON CONFLICT (event_id) DO NOTHING
        """,
        {
            "id": event.id,
            "our_number": event.to,
            "received_at": event.received_at,
            "sealed": base64.b64encode(sealed).decode(),
            "rests_until": now if event.to else now + _pause(now - event.received_at),
        },
    )


async def owned(session: AsyncSession, limit: int = 200) -> Sequence[UUID]:
    """Ids of those whose number had an owner, as is known by now, and of those whose number only
    the event tells; oldest first."""
    return await db.values(
        session,
        UUID,
        """
        SELECT event_id FROM parked_inbound AS p
         WHERE rests_until <= :now
           AND (our_number = ''
                OR EXISTS (SELECT FROM number_routes
                            WHERE phone_number = p.our_number AND valid_from <= p.received_at
                              AND (valid_to IS NULL OR p.received_at < valid_to)))
         ORDER BY received_at, event_id LIMIT :limit
        """,
        {"limit": limit, "now": clock.now()},
    )


async def postpone(session: AsyncSession, event_id: UUID) -> None:
    """Try one that failed again later."""
    await db.run(
        session,
        "UPDATE parked_inbound SET rests_until = :until WHERE event_id = :id",
        {"id": event_id, "until": clock.now() + PAUSE_AFTER_FAILURE},
    )


async def unpark(
    session: AsyncSession, event_id: UUID, phones: Phones
) -> CarrierMessageReceived | None:
    """Take one out; None where another worker has it."""
    sealed = await db.value(
        session,
        str,
        """
        DELETE FROM parked_inbound
         WHERE event_id IN (SELECT event_id FROM parked_inbound
                             WHERE event_id = :id FOR UPDATE SKIP LOCKED)
        RETURNING event_sealed
        """,
        {"id": event_id},
    )
    if sealed is None:
        return None
    opened = phones.ring.open(base64.b64decode(sealed), CONTEXT)
    return CarrierMessageReceived.model_validate_json(opened)


def _pause(age: timedelta) -> timedelta:
    """Until a text without a named number is looked at again."""
    return min(max(age / 4, SHORTEST_PAUSE), LONGEST_PAUSE)
