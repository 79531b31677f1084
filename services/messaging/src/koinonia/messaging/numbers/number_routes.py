"""Which church has or had a number at a time: a number may pass from one church to another."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db


class Asked(NamedTuple):
    """A number of ours, and when it was texted."""

    phone_number: str
    at: datetime


class _Owned(NamedTuple):
    phone_number: str
    at: datetime
    church_id: UUID


async def owners(session: AsyncSession, asked: Collection[Asked]) -> dict[Asked, UUID]:
    """Whose each of these numbers was at its time; those that were ours."""
    found = await db.rows(
        session,
        _Owned,
        """
        SELECT given.phone_number, given.at, r.church_id
          FROM unnest(CAST(:numbers AS text[]), CAST(:times AS timestamptz[]))
               AS given (phone_number, at)
          JOIN number_routes AS r
            ON r.phone_number = given.phone_number AND r.valid_from <= given.at
               AND (r.valid_to IS NULL OR r.valid_to > given.at)
        """,
        {"numbers": [each.phone_number for each in asked], "times": [each.at for each in asked]},
    )
    return {Asked(each.phone_number, each.at): each.church_id for each in found}


async def owner(session: AsyncSession, phone_number: str, at: datetime) -> UUID | None:
    """The church that had this number of ours at that time."""
    asked = Asked(phone_number, at)
    return (await owners(session, [asked])).get(asked)


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
