"""Which church has or had a number at a time: a number may pass from one church to another."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db


class _Entered(NamedTuple):
    church_id: UUID
    entered: str


async def enter(session: AsyncSession, phone_number: str, at: datetime) -> UUID | None:
    """The church that had this number of ours at that time; the session is in it from here on. One
    statement, because every text to a church comes by here."""
    found = await db.first(
        session,
        _Entered,
        """
        SELECT church_id, set_config('koinonia.church_id', CAST(church_id AS text), true)
                          AS entered
          FROM number_routes
         WHERE phone_number = :number AND valid_from <= :at
           AND (valid_to IS NULL OR valid_to > :at)
        """,
        {"number": phone_number, "at": at},
    )
    return found.church_id if found else None


class _Owned(NamedTuple):
    phone_number: str
    church_id: UUID


async def owners(
    session: AsyncSession, phone_numbers: Sequence[str], at: datetime
) -> dict[str, UUID]:
    """Whose each of these numbers was at that time; those that were ours."""
    found = await db.rows(
        session,
        _Owned,
        """
        SELECT phone_number, church_id FROM number_routes
         WHERE phone_number = ANY(CAST(:numbers AS text[])) AND valid_from <= :at
           AND (valid_to IS NULL OR valid_to > :at)
        """,
        {"numbers": list(phone_numbers), "at": at},
    )
    return {each.phone_number: each.church_id for each in found}


async def free(session: AsyncSession, phone_numbers: Sequence[str]) -> list[str]:
    """Those that no church of ours has now, in the given order."""
    ours = await db.values(
        session,
        str,
        """
        SELECT phone_number FROM number_routes
         WHERE phone_number = ANY(CAST(:numbers AS text[])) AND valid_to IS NULL
        """,
        {"numbers": list(phone_numbers)},
    )
    return [number for number in phone_numbers if number not in ours]


async def end(session: AsyncSession, number_id: UUID, at: datetime) -> None:
    """From ``at`` on, what is texted to this number is nobody's."""
    await db.run(
        session,
        "UPDATE number_routes SET valid_to = :at WHERE number_id = :id AND valid_to IS NULL",
        {"id": number_id, "at": at},
    )


async def begin(
    session: AsyncSession, church_id: UUID, number_id: UUID, phone_number: str, at: datetime
) -> None:
    """From ``at`` on, what is texted to this number is for this church."""
    await db.run(
        session,
        """
        INSERT INTO number_routes (phone_number, church_id, number_id, valid_from)
        VALUES (:number, :church_id, :number_id, :at)
        """,
        {"number": phone_number, "church_id": church_id, "number_id": number_id, "at": at},
    )
