"""The rows of pictures and files; their content is in the store under :func:`key`."""

from datetime import datetime
from enum import StrEnum
from typing import Literal, NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.conversation.threads import media_summary
from koinonia.media.kinds import File


class FileStatus(StrEnum):
    PENDING = "pending"
    STORED = "stored"
    REFUSED = "refused"  # no carrier should have passed it on, or its address is none we may ask
    GONE = "gone"  # the carrier does not have it any more
    UNSHOWN = "unshown"  # no file: its words are in the line, or it is a layout


ShownStatus = Literal[FileStatus.PENDING, FileStatus.STORED, FileStatus.REFUSED, FileStatus.GONE]


class PendingFile(NamedTuple):
    """A file of an inbound text that is still to be fetched."""

    id: UUID
    church_id: UUID
    message_id: UUID
    origin_url: str
    declared_type: str | None
    name: str | None
    attempts: int
    created_at: datetime


class StoredFile(NamedTuple):
    """A file that can be shown."""

    id: UUID
    name: str | None
    content_type: str
    bytes: int
    store_key: str


class _Type(NamedTuple):
    content_type: str | None
    status: str


PENDING_COLUMNS = """
    id, church_id, message_id, origin_url, declared_type, name, attempts, created_at
"""


def key(church_id: UUID, file_id: UUID) -> str:
    """Where the store keeps it: the same for whoever writes it again."""
    return f"{church_id}/{file_id}"


async def stored(session: AsyncSession, church_id: UUID, file_id: UUID) -> StoredFile | None:
    return await db.first(
        session,
        StoredFile,
        """
        SELECT id, name, content_type, bytes, store_key FROM media_files
         WHERE church_id = :church AND id = :id AND status = 'stored'
        """,
        {"church": church_id, "id": file_id},
    )


async def pending(session: AsyncSession, church_id: UUID, file_id: UUID) -> PendingFile | None:
    """The file while it is still to be fetched."""
    return await db.first(
        session,
        PendingFile,
        f"""
        SELECT {PENDING_COLUMNS} FROM media_files
         WHERE church_id = :church AND id = :id AND status = 'pending'
        """,
        {"church": church_id, "id": file_id},
    )


async def thread_id(session: AsyncSession, church_id: UUID, message_id: UUID) -> UUID:
    """The thread of a line with files."""
    found = await db.value(
        session,
        UUID,
        """
        SELECT conversation_id FROM conversation_messages
         WHERE church_id = :church AND id = :message
        """,
        {"church": church_id, "message": message_id},
    )
    assert found is not None  # a line is never removed
    return found


async def content_types(
    session: AsyncSession, church_id: UUID, message_id: UUID
) -> list[str | None]:
    """Of the files of a line, by their content where that is known, else by the carrier's word, by
    which a part may be no file (ix_media_files_message_id)."""
    found = await db.rows(
        session,
        _Type,
        """
        SELECT coalesce(content_type, declared_type) AS content_type, status FROM media_files
         WHERE church_id = :church AND message_id = :message AND status <> 'unshown'
         ORDER BY position, id
        """,
        {"church": church_id, "message": message_id},
    )
    return [
        each.content_type
        for each in found
        if each.status != FileStatus.PENDING or media_summary.is_file(each.content_type)
    ]


async def settle(
    session: AsyncSession,
    church_id: UUID,
    file_id: UUID,
    status: FileStatus,
    *,
    file: File | None = None,
    size: int | None = None,
    failure: str | None = None,
    name: str | None = None,
) -> bool:
    """Whether it was still pending and is ``status`` now."""
    settled = await db.run(
        session,
        """
        UPDATE media_files
           SET status = :status, failure = :failure, content_type = :kind, bytes = :size,
               width = :width, height = :height, store_key = :key,
               name = coalesce(CAST(:name AS text), name)
         WHERE church_id = :church AND id = :id AND status = 'pending'
        """,
        {
            "church": church_id,
            "id": file_id,
            "status": status,
            "failure": failure,
            "name": name,
            "kind": file.kind if file else None,
            "size": size,
            "width": file.width if file else None,
            "height": file.height if file else None,
            "key": key(church_id, file_id) if status is FileStatus.STORED else None,
        },
    )
    return settled == 1


async def count_attempt(
    session: AsyncSession, church_id: UUID, file_id: UUID
) -> PendingFile | None:
    """Count an attempt that failed; None where the file is settled."""
    return await db.first(
        session,
        PendingFile,
        f"""
        UPDATE media_files SET attempts = attempts + 1
         WHERE church_id = :church AND id = :id AND status = 'pending'
        RETURNING {PENDING_COLUMNS}
        """,
        {"church": church_id, "id": file_id},
    )
