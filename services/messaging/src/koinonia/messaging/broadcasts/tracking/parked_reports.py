"""Reports that are about no text we know, kept and tried again.

A text may be known a moment later (the answer to its call was not yet committed, and the report
did not carry our id). What still matches nothing after the last pause stays for an operator.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db, leases
from koinonia.messaging.broadcasts.tracking.reports import Report

log = structlog.get_logger()

PAUSES = (5, 30, 300, 1800)  # seconds before each further try
AT_ONCE = 200


class Group(NamedTuple):
    """Parked reports that say the same; ``given_up`` are not tried again by themselves."""

    carrier: str
    status: str
    waiting: int
    given_up: int
    oldest: datetime


@dataclass(frozen=True, slots=True)
class Parked(Report):
    attempts: int
    retry_at: datetime | None


_DUE = leases.DueTable("parked_reports", Report, key=("event_id",), due="retry_at")


async def park(session: AsyncSession, reports: Sequence[Report]) -> None:
    """Keep the reports for a later try."""
    if not reports:
        return
    columns = {name: [getattr(report, name) for report in reports] for name in _COLUMNS}
    first_try = clock.now() + timedelta(seconds=PAUSES[0])
    await db.run(session, _PARK, {**columns, "retry_at": first_try})
    log.warning("report.parked", reports=len(reports))


async def due(session: AsyncSession) -> list[Report]:
    """What is to be tried now, locked."""
    return await leases.lock(session, _DUE, most=AT_ONCE)


async def conclude(
    session: AsyncSession, tried: Sequence[Report], missed: Collection[Report]
) -> None:
    """Forget what found its text; the rest waits longer, or for an operator."""
    again = [report.event_id for report in missed]
    done = {report.event_id for report in tried} - set(again)
    await drop(session, list(done))
    await db.run(
        session,
        """
        UPDATE parked_reports
           SET attempts = attempts + 1,
               retry_at = CAST(:now AS timestamptz) + make_interval(
                   secs => (CAST(:pauses AS integer[]))[attempts + 2])
         WHERE event_id = ANY(CAST(:ids AS uuid[]))
        """,
        {"ids": again, "now": clock.now(), "pauses": list(PAUSES)},
    )


async def drop(session: AsyncSession, event_ids: Sequence[UUID]) -> None:
    await db.run(
        session,
        "DELETE FROM parked_reports WHERE event_id = ANY(CAST(:ids AS uuid[]))",
        {"ids": list(event_ids)},
    )


async def groups(session: AsyncSession) -> list[Group]:
    """How many are parked, by what they say."""
    return await db.rows(
        session,
        Group,
        """
        SELECT carrier, status, count(retry_at) AS waiting, count(*) - count(retry_at) AS given_up,
               min(parked_at) AS oldest
          FROM parked_reports GROUP BY carrier, status ORDER BY oldest
        """,
    )


async def parked(
    session: AsyncSession, event_ids: Sequence[UUID] | None = None, limit: int | None = None
) -> list[Parked]:
    """These reports, or all; the oldest first."""
    return await db.rows(
        session,
        Parked,
        f"""
        SELECT {", ".join(_COLUMNS)}, attempts, retry_at FROM parked_reports
        {"WHERE event_id = ANY(CAST(:ids AS uuid[]))" if event_ids else ""}
         ORDER BY parked_at, event_id LIMIT :limit
        """,
        {"ids": list(event_ids), "limit": limit} if event_ids else {"limit": limit},
    )


async def take(session: AsyncSession, event_ids: Sequence[UUID]) -> list[Report]:
    """These reports, locked, without those that somebody is trying just now."""
    return await db.rows(
        session,
        Report,
        f"""
        SELECT {", ".join(_COLUMNS)} FROM parked_reports
         WHERE event_id = ANY(CAST(:ids AS uuid[])) FOR UPDATE SKIP LOCKED
        """,
        {"ids": list(event_ids)},
    )


_COLUMNS = {
    "event_id": "uuid",
    "church_id": "uuid",
    "recipient_id": "uuid",
    "carrier": "text",
    "carrier_message_id": "text",
    "sender": "text",
    "status": "text",
    "reported_at": "timestamptz",
    "parts": "integer",
    "cost": "numeric",
    "failure": "text",
    "failure_code": "text",
}

_PARK = f"""
    INSERT INTO parked_reports ({", ".join(_COLUMNS)}, retry_at)
    SELECT given.*, CAST(:retry_at AS timestamptz)
      FROM unnest({", ".join(f"CAST(:{name} AS {kind}[])" for name, kind in _COLUMNS.items())})
           AS given
    ON CONFLICT DO NOTHING
"""
