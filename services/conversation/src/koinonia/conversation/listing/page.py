"""The list of threads, newest message first."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.conversation.models import Status

COLUMNS = """
    c.id, c.status, c.unread_count, c.our_number, c.phone_sealed, c.last_message_at,
    c.last_message_id, c.last_message_direction, c.last_message_content, c.last_message_status,
    coalesce(o.is_opted_out, false) AS is_opted_out
"""

# With its own limit it is looked up for each row of a page, however many phones opted out.
OPT_OUT = """
    LEFT JOIN LATERAL (SELECT is_opted_out FROM opt_outs
                        WHERE church_id = c.church_id AND phone_index = c.phone_index
                        LIMIT 1) AS o ON true
"""


async def threads(
    session: AsyncSession,
    church_id: UUID,
    *,
    status: Status | None,
    unread: bool,
    after: tuple[Any, ...] | None,
    offset: int,
    take: int,
) -> Sequence[Any]:
    """Threads, newest first, each with the first person known on its phone. The page is cut before
    anybody is looked up (ix_conversations_church_id_[status_]last_message_at, ..._unread)."""
    following = "AND (last_message_at, id) < (:after_at, :after_id)" if after else ""
    after_at, after_id = after or (None, None)
    return await db.rows(
        session,
        f"""
        SELECT {COLUMNS}, m.member_id, m.first_name, m.last_name
          FROM (SELECT * FROM conversations
                 WHERE {_filter(status, unread)} {following}
                 ORDER BY last_message_at DESC, id DESC LIMIT :take OFFSET :offset) AS c
          {OPT_OUT}
          LEFT JOIN LATERAL (SELECT member_id, first_name, last_name FROM contacts
                              WHERE church_id = c.church_id AND phone_index = c.phone_index
                              ORDER BY first_name, last_name, member_id LIMIT 1) AS m ON true
         ORDER BY c.last_message_at DESC, c.id DESC
        """,
        {
            "church": church_id,
            "take": take,
            "offset": offset,
            **({"status": status} if status else {}),
            **({"after_at": after_at, "after_id": after_id} if after else {}),
        },
    )


async def total(
    session: AsyncSession, church_id: UUID, *, status: Status | None, unread: bool
) -> int:
    counted = await db.first(
        session,
        f"SELECT count(*) AS threads FROM conversations WHERE {_filter(status, unread)}",
        {"church": church_id, **({"status": status} if status else {})},
    )
    assert counted is not None
    return int(counted.threads)


def _filter(status: Status | None, unread: bool) -> str:
    return " AND ".join(
        (
            "church_id = :church",
            *(["status = :status"] if status else []),
            *(["unread_count > 0"] if unread else []),
        )
    )
