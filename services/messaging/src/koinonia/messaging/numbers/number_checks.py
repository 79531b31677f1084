"""Which numbers are to be looked at by themselves, across churches; one row for each active one.

A number that is as it should be is not due: the sweep of its carrier's list finds what is not. A
claim is a lease (:mod:`koinonia.common.leases`): a worker that dies is followed by another one.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db, leases

LEASE = timedelta(minutes=5)
AT_ONCE = 3
AGAIN_SECONDS = 30  # the shortest between two looks that staff or failing texts ask for
PAUSES = (30, 60, 120, 300, 900, 3600)  # seconds between looks; then the last, again and again
PAGE = 1000


class DueCheck(NamedTuple):
    number_id: UUID
    church_id: UUID
    misses: int  # how often in a row the carrier did not know the number


class Expected(NamedTuple):
    """How a number was when it was looked at last."""

    number_id: UUID
    phone_number: str
    profile_id: str | None


_DUE = leases.DueTable(
    "number_checks", DueCheck, key=("number_id",), due="next_check_at", counter="attempts"
)


async def add(session: AsyncSession, number_id: UUID) -> None:
    """Look after a number that has become active."""
    await db.run(
        session,
        """
        INSERT INTO number_checks (number_id, church_id, carrier, phone_number, profile_id)
        SELECT n.id, n.church_id, n.carrier, n.phone_number, p.carrier_profile_id
          FROM phone_numbers n
          LEFT JOIN carrier_profiles p ON p.church_id = n.church_id AND p.carrier = n.carrier
         WHERE n.id = :id
        ON CONFLICT DO NOTHING
        """,
        {"id": number_id},
    )


async def end(session: AsyncSession, number_id: UUID) -> None:
    await db.run(session, "DELETE FROM number_checks WHERE number_id = :id", {"id": number_id})


async def claim(session: AsyncSession) -> list[DueCheck]:
    """Takes what is due, so that no other worker does until the lease ends."""
    return await leases.claim(session, _DUE, most=AT_ONCE, lease=LEASE)


async def claim_now(session: AsyncSession, number_id: UUID) -> DueCheck | None:
    """Takes one number before its time; None where it was looked at just now."""
    now = clock.now()
    return await db.first(
        session,
        DueCheck,
        """
        UPDATE number_checks SET next_check_at = :until, asked_at = :now, attempts = attempts + 1
         WHERE number_id = :id AND coalesce(asked_at <= :latest, true)
        RETURNING number_id, church_id, misses
        """,
        {
            "id": number_id,
            "now": now,
            "until": now + LEASE,
            "latest": now - timedelta(seconds=AGAIN_SECONDS),
        },
    )


async def settle(session: AsyncSession, number_id: UUID, profile_id: str | None) -> None:
    """It is as it should be."""
    await db.run(
        session,
        """
        UPDATE number_checks SET next_check_at = NULL, attempts = 0, misses = 0,
                                 profile_id = :profile, checked_at = :now
         WHERE number_id = :id
        """,
        {"id": number_id, "profile": profile_id, "now": clock.now()},
    )


async def postpone(
    session: AsyncSession, number_id: UUID, *, misses: int = 0, was_seen: bool = True
) -> None:
    """Look again, later each time. ``was_seen``: the carrier answered what became of it."""
    await db.run(
        session,
        """
        UPDATE number_checks
           SET next_check_at = CAST(:now AS timestamptz) + make_interval(
                   secs => (CAST(:pauses AS integer[]))[least(greatest(attempts, 1), :longest)]),
               misses = CASE WHEN :was_seen THEN :misses ELSE misses END,
               checked_at = CASE WHEN :was_seen THEN :now ELSE checked_at END
         WHERE number_id = :id
        """,
        {
            "id": number_id,
            "now": clock.now(),
            "pauses": list(PAUSES),
            "longest": len(PAUSES),
            "misses": misses,
            "was_seen": was_seen,
        },
    )


async def hasten(session: AsyncSession, message_id: UUID) -> None:
    """Look soon at the number of a message that the carrier refuses to send from."""
    now = clock.now()
    await db.run(
        session,
        """
        UPDATE number_checks
           SET next_check_at = least(next_check_at, greatest(:now, checked_at + :pause))
         WHERE number_id = (SELECT n.id FROM messages m
                              JOIN phone_numbers n ON n.phone_number = m.sender
                             WHERE m.id = :message AND n.status = 'active'
                               AND n.church_id = m.church_id)
        """,
        {"message": message_id, "now": now, "pause": timedelta(seconds=AGAIN_SECONDS)},
    )


async def page(session: AsyncSession, carrier: str, after: UUID) -> list[Expected]:
    """The next numbers of a carrier, by their ids."""
    return await db.rows(
        session,
        Expected,
        """
        SELECT number_id, phone_number, profile_id FROM number_checks
         WHERE carrier = :carrier AND number_id > :after ORDER BY number_id LIMIT :most
        """,
        {"carrier": carrier, "after": after, "most": PAGE},
    )


async def call_up(session: AsyncSession, number_ids: Sequence[UUID]) -> None:
    """These are not as they should be. What is looked at by itself already keeps its time."""
    await db.run(
        session,
        """
        UPDATE number_checks SET next_check_at = :now
         WHERE number_id = ANY(CAST(:ids AS uuid[])) AND next_check_at IS NULL
        """,
        {"ids": list(number_ids), "now": clock.now()},
    )


async def confirm(session: AsyncSession, number_ids: Sequence[UUID]) -> None:
    """These were seen as they should be."""
    await db.run(
        session,
        """
        UPDATE number_checks SET checked_at = :now
         WHERE number_id = ANY(CAST(:ids AS uuid[])) AND next_check_at IS NULL
        """,
        {"ids": list(number_ids), "now": clock.now()},
    )
