"""Which church had which of our numbers from when to when (events of messaging)."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.events.messaging import NumberAssigned, NumberReleased
from koinonia.conversation import list_cache


class Owner(NamedTuple):
    """Who has, or had, a number."""

    phone_number: str
    church_id: UUID
    number_id: UUID


async def assign(session: AsyncSession, event: NumberAssigned) -> None:
    list_cache.forget(session, event.church_id)  # a list may be asked for by the number's id
    await db.run(
        session,
        """
        INSERT INTO number_routes (number_id, church_id, phone_number, valid_from)
        VALUES (:number, :church, :phone_number, :at)
        ON CONFLICT (number_id) DO UPDATE SET valid_from = excluded.valid_from
        """,
        {
            "number": event.number_id,
            "church": event.church_id,
            "phone_number": event.phone_number,
            "at": event.assigned_at,
        },
    )


async def release(session: AsyncSession, event: NumberReleased) -> None:
    await db.run(
        session,
        """
        INSERT INTO number_routes (number_id, church_id, phone_number, valid_to)
        VALUES (:number, :church, :phone_number, :at)
        ON CONFLICT (number_id) DO UPDATE SET valid_to = excluded.valid_to
        """,
        {
            "number": event.number_id,
            "church": event.church_id,
            "phone_number": event.phone_number,
            "at": event.released_at,
        },
    )


async def owners_at(
    session: AsyncSession, phone_numbers: Sequence[str], at: datetime
) -> dict[str, Owner]:
    """Who had each of these numbers then; without those of which nobody is known."""
    found = await db.rows(
        session,
        Owner,
        """
        SELECT DISTINCT ON (phone_number) phone_number, church_id, number_id FROM number_routes
         WHERE phone_number = ANY(CAST(:numbers AS text[])) AND valid_from <= :at
           AND (valid_to IS NULL OR :at < valid_to)
         ORDER BY phone_number, valid_from DESC
        """,
        {"numbers": list(phone_numbers), "at": at},
    )
    return {each.phone_number: each for each in found}
