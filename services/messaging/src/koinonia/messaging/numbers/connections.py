"""How an active number is connected at the carrier, as far as we know."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db, outbox
from koinonia.common.events.messaging import NumberConnection, NumberConnectionChanged

UNUSABLE = (NumberConnection.LOST, NumberConnection.HELD_ELSEWHERE)
"""Nothing new is sent from such a number: nobody knows when it will be back."""

PROBLEMS = {
    NumberConnection.RELINKING: (
        "This number has lost its connection to the carrier. It is being restored, and texts from "
        "it wait until then. Ask support if it takes longer than an hour."
    ),
    NumberConnection.LOST: (
        "The carrier has this number no more, so nothing is sent from it or comes in by it. Ask "
        "support whether it can be had back. To go on at once, order another number: this one does "
        "not count against your plan. Cancel what waits for it, then release it."
    ),
    NumberConnection.HELD_ELSEWHERE: (
        "At the carrier this number is connected to something that is not your church's, so it is "
        "left alone, and texts from it wait. Ask support to set it right."
    ),
}
"""For staff: what is wrong and what to do."""


class Connection(NamedTuple):
    """An active number and what it is connected by."""

    phone_number: str
    carrier: str
    carrier_profile_id: str | None
    connection: str


class _Change(NamedTuple):
    previous: str
    is_fresh: bool  # it came back a short while ago


FRESH_MINUTES = 15


async def find(session: AsyncSession, number_id: UUID) -> Connection | None:
    """None for a number that the church has not, or no more."""
    return await db.first(
        session,
        Connection,
        """
        SELECT n.phone_number, n.carrier, p.carrier_profile_id, n.connection
          FROM phone_numbers n
          LEFT JOIN carrier_profiles p ON p.church_id = n.church_id AND p.carrier = n.carrier
         WHERE n.id = :id AND n.status = 'active'
        """,
        {"id": number_id},
    )


async def record(
    session: AsyncSession, church_id: UUID, number_id: UUID, connection: NumberConnection
) -> bool | None:
    """Keep what was found, and tell it if it is new. Answers whether the number is back: just now
    or in the last minutes. None where the church has the number no more."""
    change = await db.first(
        session,
        _Change,
        """
        WITH held AS (
            SELECT id, connection AS previous FROM phone_numbers
             WHERE id = :id AND status = 'active' FOR NO KEY UPDATE
        )
        UPDATE phone_numbers n
           SET connection = :connection,
               relinked_at = CASE WHEN :connection = 'connected' AND previous <> 'connected'
                                  THEN CAST(:now AS timestamptz) ELSE n.relinked_at END
          FROM held WHERE n.id = held.id
        RETURNING held.previous,
                  coalesce(n.relinked_at > CAST(:now AS timestamptz)
                                           - make_interval(mins => :minutes), false) AS is_fresh
        """,
        {
            "id": number_id,
            "connection": connection,
            "now": clock.now(),
            "minutes": FRESH_MINUTES,
        },
    )
    if change is None:
        return None
    if change.previous != connection:
        event = NumberConnectionChanged(
            church_id=church_id, number_id=number_id, connection=connection
        )
        await outbox.add(session, event)
    return change.is_fresh and connection is NumberConnection.CONNECTED
