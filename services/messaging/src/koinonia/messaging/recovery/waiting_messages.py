"""Messages that wait because the carrier refuses to send from their number."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.carriers.failures import Failure
from koinonia.common import db
from koinonia.common.events.messaging import NumberConnection
from koinonia.messaging.broadcasts.controls import pauses
from koinonia.messaging.numbers.connections import PROBLEMS

_WAITING = """
    FROM messages
   WHERE church_id = :church AND sender = :number AND status = 'paused' AND pause_code = :code
     AND id IN (SELECT message_id FROM open_messages WHERE church_id = :church)
"""


async def explain(
    session: AsyncSession, church_id: UUID, phone_number: str, connection: NumberConnection
) -> None:
    """Say of each what is wrong with its number, and what to do."""
    await db.run(
        session,
        f"""
        UPDATE messages SET pause_reason = :reason
         WHERE id IN (SELECT id {_WAITING} ORDER BY id FOR NO KEY UPDATE)
        """,
        {**_parameters(church_id, phone_number), "reason": PROBLEMS[connection]},
    )


async def resume(session: AsyncSession, church_id: UUID, phone_number: str) -> int:
    """Send the rest of each; how many there were."""
    waiting = await db.values(
        session,
        UUID,
        f"SELECT id {_WAITING} ORDER BY id FOR NO KEY UPDATE",
        _parameters(church_id, phone_number),
    )
    for message_id in waiting:
        await pauses.resume(session, church_id, message_id)
    return len(waiting)


async def move(
    session: AsyncSession, church_id: UUID, phone_number: str, carrier: str, profile_id: str
) -> None:
    """What is still to be sent from this number leaves by this profile."""
    await db.run(
        session,
        """
        UPDATE messages SET carrier_profile_id = :profile
         WHERE id IN (SELECT m.id FROM messages m
                        JOIN open_messages o ON o.church_id = m.church_id AND o.message_id = m.id
                       WHERE m.church_id = :church AND m.sender = :number AND m.carrier = :carrier
                         AND m.carrier_profile_id IS DISTINCT FROM :profile
                       ORDER BY m.id FOR NO KEY UPDATE OF m)
        """,
        {
            "church": church_id,
            "number": phone_number,
            "carrier": carrier,
            "profile": profile_id,
        },
    )


def _parameters(church_id: UUID, phone_number: str) -> dict[str, object]:
    return {"church": church_id, "number": phone_number, "code": Failure.MISCONFIGURED}
