"""What staff see of their messages. Counts come from the counters, never from counting rows."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.events.messaging import DeliveryStatus
from koinonia.common.pagination import PageParams
from koinonia.messaging.errors import NoSuchMessage

_SHOWN = f"""
    id, church_id, status, sender, carrier, content, merge_fields, media_urls,
    target_type, target_ids, total_recipients, parts_estimated, parts_billed, excluded,
    {", ".join(f"{status}_count" for status in DeliveryStatus)},
    created_at, started_at, resumed_at, completed_at, cancelled_at,
    decline_code, decline_reason, pause_code, pause_reason,
    zones, ignores_quiet_hours, override_reason, schedule_id, latest_at
"""


async def broadcasts(session: AsyncSession, church_id: UUID, params: PageParams) -> list[Any]:
    """One page, latest first (ix_messages_church_id_created_at_id)."""
    after = params.after(datetime, UUID)
    created_at, message_id = after or (None, None)
    return await db.untyped_rows(
        session,
        f"""
        SELECT {_SHOWN} FROM messages
         WHERE church_id = :church AND kind = 'broadcast'
           {"AND (created_at, id) < (:created_at, :id)" if after else ""}
         ORDER BY created_at DESC, id DESC LIMIT :take OFFSET :offset
        """,
        {
            "church": church_id,
            "created_at": created_at,
            "id": message_id,
            "take": params.take,
            "offset": params.offset,
        },
    )


async def total(session: AsyncSession, church_id: UUID) -> int:
    """How many broadcasts there are."""
    counted = await db.untyped_first(
        session,
        "SELECT count(*) AS found FROM messages WHERE church_id = :church AND kind = 'broadcast'",
        {"church": church_id},
    )
    return int(counted.found) if counted else 0


async def message(session: AsyncSession, message_id: UUID) -> Any:
    """One message, a reply too; raises ``NoSuchMessage``."""
    found = await db.untyped_first(
        session, f"SELECT {_SHOWN} FROM messages WHERE id = :id", {"id": message_id}
    )
    if found is None:
        raise NoSuchMessage
    return found


async def recipients(
    session: AsyncSession, message_id: UUID, params: PageParams, status: DeliveryStatus | None
) -> list[Any]:
    """One page of a message's phones, in the order of joining
    (ix_message_recipients_message_id_batch_id)."""
    after = params.after(int, UUID)
    batch, recipient_id = after or (None, None)
    return await db.untyped_rows(
        session,
        f"""
        SELECT r.id, r.batch, r.member_id, m.first_name, m.last_name, r.phone_sealed,
               r.merge_values, r.status,
               r.failure, r.parts_billed, r.sent_at, r.settled_at
          FROM message_recipients r LEFT JOIN members m ON m.id = r.member_id
         WHERE r.message_id = :message
           {"AND (r.batch, r.id) > (:batch, :id)" if after else ""}
           {"AND r.status = :status" if status else ""}
         ORDER BY r.batch, r.id LIMIT :take OFFSET :offset
        """,
        {
            "message": message_id,
            "batch": batch,
            "id": recipient_id,
            "status": status,
            "take": params.take,
            "offset": params.offset,
        },
    )


def counted(message: Any, status: DeliveryStatus | None) -> int:
    """How many phones of the message there are, or are in ``status``."""
    column = f"{status}_count" if status else "total_recipients"
    return int(getattr(message, column))
