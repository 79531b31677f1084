"""The labels that a church has for its threads.

Whoever locks a label and threads locks the label first.
"""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.pagination import Page, PageParams
from koinonia.conversation import list_cache
from koinonia.conversation.errors import LabelTaken, NoSuchLabel

COLUMNS = "id, name, name_key, colour, created_at"
_ORDER = db.Order({"name_key": str})


class LabelRow(NamedTuple):
    id: UUID
    name: str
    name_key: str
    colour: str
    created_at: datetime


async def page(session: db.Session, church_id: UUID, params: PageParams) -> Page[LabelRow]:
    """Labels by name (the unique key serves it)."""
    return await db.page(
        session,
        LabelRow,
        f"SELECT {COLUMNS} FROM labels WHERE church_id = :church",
        {"church": church_id},
        params,
        _ORDER,
        counted="SELECT count(*) FROM labels WHERE church_id = :church",
    )


async def by_id(session: db.Session, church_id: UUID, label_id: UUID) -> LabelRow:
    return await db.one(
        session,
        LabelRow,
        f"SELECT {COLUMNS} FROM labels WHERE church_id = :church AND id = :id",
        {"church": church_id, "id": label_id},
        missing=NoSuchLabel,
    )


async def create(session: AsyncSession, church_id: UUID, name: str, colour: str) -> LabelRow:
    return await db.one(
        session,
        LabelRow,
        f"""
        INSERT INTO labels (id, church_id, name, name_key, colour)
        VALUES (:id, :church, :name, :key, :colour)
        ON CONFLICT (church_id, name_key) DO NOTHING RETURNING {COLUMNS}
        """,
        {
            "id": db.uuid7(),
            "church": church_id,
            "name": name,
            "key": name.casefold(),
            "colour": colour,
        },
        missing=LabelTaken,
    )


async def change(
    session: AsyncSession, church_id: UUID, label_id: UUID, name: str | None, colour: str | None
) -> LabelRow:
    """Change what is given. Lists show it at once; no thread changes."""
    try:
        label = await db.one(
            session,
            LabelRow,
            f"""
            UPDATE labels SET name = coalesce(:name, name), name_key = coalesce(:key, name_key),
                              colour = coalesce(:colour, colour)
             WHERE church_id = :church AND id = :id RETURNING {COLUMNS}
            """,
            {
                "church": church_id,
                "id": label_id,
                "name": name,
                "key": name.casefold() if name is not None else None,
                "colour": colour,
            },
            missing=NoSuchLabel,
        )
    except IntegrityError:  # the unique key of the names; the request's transaction ends here
        raise LabelTaken from None
    list_cache.forget(session, church_id)
    return label


async def remove(session: AsyncSession, church_id: UUID, label_id: UUID) -> None:
    """Delete it, and take it off every thread."""
    parameters = {"church": church_id, "id": label_id}
    await db.values(
        session,
        UUID,
        "SELECT id FROM labels WHERE church_id = :church AND id = :id FOR UPDATE",
        parameters,
    )
    await db.values(
        session,
        UUID,
        """
        SELECT id FROM conversations
         WHERE church_id = :church AND id IN (SELECT conversation_id FROM conversation_labels
                                               WHERE church_id = :church AND label_id = :id)
         ORDER BY id FOR UPDATE
        """,
        parameters,
    )
    if not await db.run(
        session, "DELETE FROM labels WHERE church_id = :church AND id = :id", parameters
    ):
        raise NoSuchLabel
    list_cache.forget(session, church_id)


async def check(session: AsyncSession, church_id: UUID, label_ids: Collection[UUID]) -> None:
    """Raises ``NoSuchLabel`` unless all are there, and keeps them there until the commit."""
    if not label_ids:
        return
    found = await db.values(
        session,
        UUID,
        """
        SELECT id FROM labels WHERE church_id = :church AND id = ANY(CAST(:ids AS uuid[]))
         ORDER BY id FOR KEY SHARE
        """,
        {"church": church_id, "ids": list(label_ids)},
    )
    if missing := set(label_ids) - set(found):
        raise NoSuchLabel(details={"ids": sorted(map(str, missing))})
