"""Opt-outs that we learn from the carrier, by a text that it refused."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db
from koinonia.messaging.people.consent import ledger
from koinonia.messaging.people.consent.entries import ConsentKind, ConsentMethod, Entry


class _Refused(NamedTuple):
    phone_index: str
    phone_sealed: str
    message_id: UUID
    called_at: datetime | None


async def opt_out(session: AsyncSession, church_id: UUID, recipient_ids: Sequence[UUID]) -> None:
    """The carrier knows of a STOP that never reached us; remember it and tell.

    It was said before our call, so a START that came meanwhile is the newer word.
    """
    if not recipient_ids:
        return
    refused = await db.rows(
        session,
        _Refused,
        """
        SELECT DISTINCT ON (phone_index) phone_index, phone_sealed, message_id, called_at
          FROM message_recipients WHERE id = ANY(CAST(:ids AS uuid[]))
         ORDER BY phone_index, called_at DESC NULLS FIRST
        """,
        {"ids": list(recipient_ids)},
    )
    await ledger.append(session, church_id, [_entry(row) for row in refused])


def _entry(refused: _Refused) -> Entry:
    return Entry(
        phone_index=refused.phone_index,
        phone_sealed=refused.phone_sealed,
        kind=ConsentKind.REVOKED,
        method=ConsentMethod.CARRIER,
        at=refused.called_at or clock.now(),
        message_id=refused.message_id,
        by_carrier=True,
    )
