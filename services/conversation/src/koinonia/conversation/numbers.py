"""Whose each of our numbers was at a time, as the events of messaging tell it."""

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.events.messaging import NumberAssigned, NumberReleased
from koinonia.conversation import cached


async def assign(session: AsyncSession, event: NumberAssigned) -> None:
    cached.forget(session, event.church_id)  # a list may be asked for by the number's id
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


async def owner_at(session: AsyncSession, phone_number: str, at: datetime) -> Any | None:
    """``church_id`` and ``number_id`` of who had the number then; None where nobody is known."""
    return await db.untyped_first(
        session,
        """
        SELECT church_id, number_id FROM number_routes
         WHERE phone_number = :phone_number AND valid_from <= :at
           AND (valid_to IS NULL OR :at < valid_to)
         ORDER BY valid_from DESC LIMIT 1
        """,
        {"phone_number": phone_number, "at": at},
    )
