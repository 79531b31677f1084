"""Reports that are about no text we know, kept and tried again.

A text may be known a moment later (the note of its call was not yet committed, and the report did
not carry our id). What still matches nothing after the last pause stays for an operator.
"""

from collections.abc import Collection, Sequence
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.events.messaging import DeliveryStatus
from koinonia.messaging.broadcasts.reports import Report

log = structlog.get_logger()

PAUSES = (5, 30, 300, 1800)  # seconds before each further try
AT_ONCE = 200


async def park(session: AsyncSession, reports: Sequence[Report]) -> None:
    """Keep the reports for a later try."""
    if not reports:
        return
    columns = {name: [getattr(report, name) for report in reports] for name in _COLUMNS}
    await db.run(session, _PARK, columns | {"pause": PAUSES[0]})
    log.warning("report.parked", reports=len(reports))


async def due(session: AsyncSession) -> list[Report]:
    """What is to be tried now, locked."""
    found = await db.rows(
        session,
        f"""
        SELECT {", ".join(_COLUMNS)} FROM parked_reports WHERE retry_at < now()
         ORDER BY retry_at LIMIT :at_once FOR UPDATE SKIP LOCKED
        """,
        {"at_once": AT_ONCE},
    )
    return [_report(row) for row in found]


async def conclude(
    session: AsyncSession, tried: Sequence[Report], missed: Collection[Report]
) -> None:
    """Forget what found its text; the rest waits longer, or for an operator."""
    again = [report.event_id for report in missed]
    done = {report.event_id for report in tried} - set(again)
    await db.run(
        session,
        "DELETE FROM parked_reports WHERE event_id = ANY(CAST(:ids AS uuid[]))",
        {"ids": list(done)},
    )
    await db.run(
        session,
        """
        UPDATE parked_reports
           SET attempts = attempts + 1,
               retry_at = now() + make_interval(
                   secs => (CAST(:pauses AS integer[]))[attempts + 2])
         WHERE event_id = ANY(CAST(:ids AS uuid[]))
        """,
        {"ids": again, "pauses": list(PAUSES)},
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
    SELECT given.*, now() + make_interval(secs => :pause)
      FROM unnest({", ".join(f"CAST(:{name} AS {kind}[])" for name, kind in _COLUMNS.items())})
           AS given
    ON CONFLICT DO NOTHING
"""


def _report(row: Any) -> Report:
    values: dict[str, Any] = {name: getattr(row, name) for name in _COLUMNS}
    values["status"] = DeliveryStatus(row.status)
    return Report(**values)
