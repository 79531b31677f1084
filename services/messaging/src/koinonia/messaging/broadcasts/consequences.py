"""What a failure asks for beyond its own text: an opt-out to remember. See also pausing.py."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db, outbox
from koinonia.common.events.messaging import MemberOptedOut

CARRIER = "carrier"


async def opt_out(session: AsyncSession, church_id: UUID, recipient_ids: Sequence[UUID]) -> None:
    """The carrier knows of a STOP that never reached us; remember it and tell."""
    if not recipient_ids:
        return
    noted = await db.rows(
        session,
        """
        INSERT INTO opt_outs (church_id, phone_index, phone_sealed, opted_out_at, changed_at,
                              source)
        SELECT DISTINCT ON (phone_index) church_id, phone_index, phone_sealed,
               CAST(:now AS timestamptz), CAST(:now AS timestamptz), :source
          FROM message_recipients WHERE id = ANY(CAST(:ids AS uuid[]))
         ORDER BY phone_index
        ON CONFLICT (church_id, phone_index) DO UPDATE
           SET opted_out_at = excluded.opted_out_at, lifted_at = NULL,
               changed_at = excluded.changed_at, source = excluded.source
         WHERE opt_outs.lifted_at IS NOT NULL
        RETURNING phone_index, phone_sealed
        """,
        {"ids": list(recipient_ids), "now": clock.now(), "source": CARRIER},
    )
    told = [
        MemberOptedOut(
            church_id=church_id,
            phone_index=row.phone_index,
            sealed_phone=row.phone_sealed,
            source=CARRIER,
        )
        for row in noted
    ]
    await outbox.add(session, *told)
