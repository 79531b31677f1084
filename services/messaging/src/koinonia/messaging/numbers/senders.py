"""The number a church's texts come from, and its profile at the carrier."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.messaging.errors import NoActiveNumber


class Sender(NamedTuple):
    phone_number: str
    carrier: str
    carrier_profile_id: str | None


async def active(session: AsyncSession, church_id: UUID) -> Sender:
    """The number broadcasts come from: the church's first that is active."""
    found = await find(session, church_id)
    if found is None:
        raise NoActiveNumber
    return found


async def find(session: AsyncSession, church_id: UUID) -> Sender | None:
    """The same, or None."""
    return await _find(session, church_id, "true", None)


async def usable(session: AsyncSession, church_id: UUID, phone_number: str) -> Sender | None:
    """This very number, if the church can send from it now."""
    return await _find(session, church_id, "n.phone_number = :number", phone_number)


async def _find(
    session: AsyncSession, church_id: UUID, condition: str, phone_number: str | None
) -> Sender | None:
    return await db.first(
        session,
        Sender,
        f"""
        SELECT n.phone_number, n.carrier, p.carrier_profile_id
          FROM phone_numbers n
          LEFT JOIN carrier_profiles p ON p.church_id = n.church_id AND p.carrier = n.carrier
         WHERE n.church_id = :church AND n.status = 'active' AND {condition}
         ORDER BY n.active_at, n.id LIMIT 1
           FOR SHARE OF n  -- so that nobody gives the number up before the message is there
        """,
        {"church": church_id, "number": phone_number},
    )
