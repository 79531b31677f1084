"""Which church had which of our numbers from when to when (events of messaging)."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.events.messaging import NumberAssigned, NumberReleased
from koinonia.conversation import list_cache


class Owner(NamedTuple):
    """Who has, or had, a number."""

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


class Asked(NamedTuple):
    """A number of ours, and when it was texted."""

    phone_number: str
    at: datetime


class _Owned(NamedTuple):
    phone_number: str
    at: datetime
    church_id: UUID
    number_id: UUID


async def owners_at(session: AsyncSession, asked: Collection[Asked]) -> dict[Asked, Owner]:
    """Who had each of these numbers at its time; without those of which nobody is known."""
    found = await db.rows(
        session,
        _Owned,
        """
        SELECT DISTINCT ON (given.phone_number, given.at)
               given.phone_number, given.at, r.church_id, r.number_id
          FROM unnest(CAST(:numbers AS text[]), CAST(:times AS timestamptz[]))
               AS given (phone_number, at)
          JOIN number_routes AS r
            ON r.phone_number = given.phone_number AND r.valid_from <= given.at
               AND (r.valid_to IS NULL OR given.at < r.valid_to)
         ORDER BY given.phone_number, given.at, r.valid_from DESC
        """,
        {"numbers": [each.phone_number for each in asked], "times": [each.at for each in asked]},
    )
    return {
        Asked(each.phone_number, each.at): Owner(each.church_id, each.number_id) for each in found
    }
