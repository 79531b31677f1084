"""Which texts to look up in their carrier's own record, because no report tells enough of them.

A call whose answer got lost and that cannot be repeated leaves a text ``unconfirmed``, without the
carrier's id; and Twilio counts the parts of a text only after it took it, and leaves them out of
its reports. What the record says is applied like a report, see ``record_lookup.py``.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db, leases

PAUSES = (300, 3600, 6 * 3600, 24 * 3600)  # seconds before each look; then what we know stands
LEASE = timedelta(minutes=10)  # longer than asking a slow carrier about ``AT_ONCE``
AT_ONCE = 50

INCOMPLETE = """
    ((r.status = 'unconfirmed' AND r.carrier_message_id IS NULL)
     OR (r.status IN ('unconfirmed', 'delivered') AND r.parts IS NULL))
"""
"""SQL: the text ``r`` is over, and its carrier may know more of it than we do."""


class Wanted(NamedTuple):
    recipient_id: UUID
    church_id: UUID


_DUE = leases.DueTable(
    "wanted_records", Wanted, key=("recipient_id",), due="look_at", counter="attempts"
)


async def want(session: AsyncSession, church_id: UUID, recipient_ids: Sequence[UUID]) -> None:
    """Look these texts up, the first time in five minutes: by then a report may have come."""
    if not recipient_ids:
        return
    await db.run(
        session,
        """
        INSERT INTO wanted_records (recipient_id, church_id, look_at)
        SELECT id, :church, :at FROM unnest(CAST(:ids AS uuid[])) AS given (id) ORDER BY id
        ON CONFLICT DO NOTHING
        """,
        {
            "ids": list(recipient_ids),
            "church": church_id,
            "at": clock.now() + timedelta(seconds=PAUSES[0]),
        },
    )


async def claim(session: AsyncSession) -> list[Wanted]:
    """What is due, so that nobody else looks before the lease ends."""
    return await leases.claim(session, _DUE, most=AT_ONCE, lease=LEASE)


async def conclude(session: AsyncSession, recipient_ids: Sequence[UUID]) -> None:
    """Within their church: forget what is complete or was looked up often enough, and look for the
    rest again, later each time."""
    await db.run(
        session,
        f"""
        DELETE FROM wanted_records w
         WHERE recipient_id = ANY(CAST(:ids AS uuid[]))
           AND (attempts >= :most OR NOT EXISTS (
                SELECT FROM message_recipients r WHERE r.id = w.recipient_id AND {INCOMPLETE}))
        """,
        {"ids": list(recipient_ids), "most": len(PAUSES)},
    )
    await db.run(
        session,
        """
        UPDATE wanted_records
           SET look_at = CAST(:now AS timestamptz)
                   + make_interval(secs => (CAST(:pauses AS integer[]))[attempts + 1])
         WHERE recipient_id = ANY(CAST(:ids AS uuid[]))
        """,
        {"ids": list(recipient_ids), "now": clock.now(), "pauses": list(PAUSES)},
    )
