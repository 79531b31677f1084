"""The labels that a church has for its threads.

Whoever needs a label and threads at once locks the label first.
"""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.conversation.threads import threads
from koinonia.conversation.errors import LabelTaken, NoSuchLabel

COLUMNS = "id, name, name_key, colour, created_at"


async def page(
    session: AsyncSession, church_id: UUID, after: tuple[Any, ...] | None, offset: int, take: int
) -> Sequence[Any]:
    """Labels by name (the unique key serves it)."""
    following = "AND name_key > :after" if after else ""
    return await db.untyped_rows(
        session,
        f"""
        SELECT {COLUMNS} FROM labels WHERE church_id = :church {following}
         ORDER BY name_key LIMIT :take OFFSET :offset
        """,
        {
            "church": church_id,
            "take": take,
            "offset": offset,
            **({"after": after[0]} if after else {}),
        },
    )


async def total(session: AsyncSession, church_id: UUID) -> int:
    counted = await db.untyped_first(
        session,
        "SELECT count(*) AS labels FROM labels WHERE church_id = :church",
        {"church": church_id},
    )
    assert counted is not None
    return int(counted.labels)


async def one(session: AsyncSession, church_id: UUID, label_id: UUID) -> Any:
    row = await db.untyped_first(
        session,
        f"SELECT {COLUMNS} FROM labels WHERE church_id = :church AND id = :id",
        {"church": church_id, "id": label_id},
    )
    if row is None:
        raise NoSuchLabel
    return row


async def create(session: AsyncSession, church_id: UUID, name: str, colour: str) -> Any:
    row = await db.untyped_first(
        session,
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
    )
    if row is None:
        raise LabelTaken
    return row


async def change(
    session: AsyncSession, church_id: UUID, label_id: UUID, name: str | None, colour: str | None
) -> Any:
    """Whatever is given. The lists show it at once; the threads themselves did not change."""
    try:
        row = await db.untyped_first(
            session,
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
        )
    except IntegrityError:  # the unique key of the names; the request's transaction ends here
        raise LabelTaken from None
    if row is None:
        raise NoSuchLabel
    await threads.tell_all(session, church_id, [])
    return row


async def remove(session: AsyncSession, church_id: UUID, label_id: UUID) -> None:
    """Take it off every thread, and away."""
    parameters = {"church": church_id, "id": label_id}
    await db.untyped_rows(
        session,
        "SELECT id FROM labels WHERE church_id = :church AND id = :id FOR UPDATE",
        parameters,
    )
    await db.untyped_rows(
        session,
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
    await threads.tell_all(session, church_id, [])


async def check(session: AsyncSession, church_id: UUID, label_ids: Collection[UUID]) -> None:
    """Raises ``NoSuchLabel`` unless all are there, and keeps them there until the commit."""
    if not label_ids:
        return
    found = await db.untyped_rows(
        session,
        """
        SELECT id FROM labels WHERE church_id = :church AND id = ANY(CAST(:ids AS uuid[]))
         ORDER BY id FOR KEY SHARE
        """,
        {"church": church_id, "ids": list(label_ids)},
    )
    if missing := set(label_ids) - {row.id for row in found}:
        raise NoSuchLabel(details={"labelIds": sorted(map(str, missing))})
