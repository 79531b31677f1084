"""The rows of pictures and files; what they hold is in the store under :func:`key`."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.media.kinds import File


class Status(StrEnum):
    PENDING = "pending"
    STORED = "stored"
    REFUSED = "refused"  # no carrier should have passed it on, or its address is none we may ask
    GONE = "gone"  # the carrier does not have it any more


COLUMNS = """
    id, church_id, message_id, source, status, origin_url, attempts, name, content_type, bytes,
    width, height, store_key, created_at
"""


def key(church_id: UUID, file_id: UUID) -> str:
    """Where the store keeps it: the same for whoever writes it again."""
    return f"{church_id}/{file_id}"


async def one(session: AsyncSession, church_id: UUID, file_id: UUID) -> Any | None:
    return await db.untyped_first(
        session,
        f"SELECT {COLUMNS} FROM media_files WHERE church_id = :church AND id = :id",
        {"church": church_id, "id": file_id},
    )


async def pending(session: AsyncSession, church_id: UUID, file_id: UUID) -> Any | None:
    """The row while it is still to be fetched."""
    row = await one(session, church_id, file_id)
    return row if row is not None and row.status == Status.PENDING else None


async def thread_of(session: AsyncSession, church_id: UUID, message_id: UUID) -> UUID:
    row = await db.untyped_first(
        session,
        """
        SELECT conversation_id FROM conversation_messages
         WHERE church_id = :church AND id = :message
        """,
        {"church": church_id, "message": message_id},
    )
    assert row is not None  # a line is never removed
    thread_id: UUID = row.conversation_id
    return thread_id


async def settle(
    session: AsyncSession,
    row: Any,
    status: Status,
    *,
    file: File | None = None,
    size: int | None = None,
    failure: str | None = None,
) -> bool:
    """Whether it was still pending and is ``status`` now."""
    settled = await db.run(
        session,
        """
        UPDATE media_files
           SET status = :status, failure = :failure, content_type = :kind, bytes = :size,
               width = :width, height = :height, store_key = :key
         WHERE church_id = :church AND id = :id AND status = 'pending'
        """,
        {
            "church": row.church_id,
            "id": row.id,
            "status": status,
            "failure": failure,
            "kind": file.kind if file else None,
            "size": size,
            "width": file.width if file else None,
            "height": file.height if file else None,
            "key": key(row.church_id, row.id) if status is Status.STORED else None,
        },
    )
    return settled == 1


async def attempted(session: AsyncSession, church_id: UUID, file_id: UUID) -> Any | None:
    """Count an attempt that came to nothing; None where the file is settled."""
    return await db.untyped_first(
        session,
        f"""
        UPDATE media_files SET attempts = attempts + 1
         WHERE church_id = :church AND id = :id AND status = 'pending'
        RETURNING {COLUMNS}
        """,
        {"church": church_id, "id": file_id},
    )
