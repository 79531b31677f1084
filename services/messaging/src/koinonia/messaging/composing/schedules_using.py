"""Which schedules use a template, a field, a segment or a number, so that none is removed while
they do.

Each is named as people know it: by its name, or by its id if it has none.
"""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.messaging.composing import template_text


class _Schedule(NamedTuple):
    name: str
    content: str


async def with_template(session: AsyncSession, template_id: UUID) -> list[str]:
    return await db.values(
        session,
        str,
        """
        SELECT coalesce(name, CAST(id AS text)) AS name FROM schedules
         WHERE status = 'active' AND request ->> 'templateId' = :template ORDER BY created_at, id
        """,
        {"template": str(template_id)},
    )


async def with_number(session: AsyncSession, number_id: UUID) -> list[str]:
    return await db.values(
        session,
        str,
        """
        SELECT coalesce(name, CAST(id AS text)) AS name FROM schedules
         WHERE status = 'active' AND request ->> 'fromNumberId' = :number ORDER BY created_at, id
        """,
        {"number": str(number_id)},
    )


async def with_segment(session: AsyncSession, segment_id: UUID) -> list[str]:
    return await db.values(
        session,
        str,
        """
        SELECT coalesce(name, CAST(id AS text)) AS name FROM schedules
         WHERE status = 'active' AND request -> 'target' ->> 'segmentId' = :segment
         ORDER BY created_at, id
        """,
        {"segment": str(segment_id)},
    )


async def with_field(session: AsyncSession, key: str) -> list[str]:
    found = await db.rows(
        session,
        _Schedule,
        """
        SELECT coalesce(name, CAST(id AS text)) AS name, request ->> 'content' AS content
          FROM schedules
         WHERE status = 'active' AND request ->> 'content' LIKE '%{{%' ORDER BY created_at, id
        """,
    )
    return [row.name for row in found if key in template_text.parse(row.content).fields]
