"""What refers to uploads: scheduled replies here, and what messaging says of its own.

An upload that nothing refers to is forgotten a week after that began.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db
from koinonia.common.events.messaging import UploadsReferenced
from koinonia.conversation import due_work
from koinonia.conversation.due_work import Kind
from koinonia.conversation.media.file_links import KEPT_UNSENT

# Messaging takes an upload to the last moment, and its word of it may be on the way so long.
GRACE = timedelta(hours=1)


async def record(session: AsyncSession, event: UploadsReferenced) -> None:
    """Keep what the newest event of a holder says, in whatever order they come."""
    await hold(session, event.church_id, event.holder_id, event.media_ids, event.occurred_at)


async def hold(
    session: AsyncSession,
    church_id: UUID,
    holder_id: UUID,
    media_ids: Sequence[UUID],
    at: datetime | None = None,
) -> None:
    """From ``at`` on, now if not said otherwise, the holder refers to these uploads and to no
    others."""
    before = await db.value(
        session,
        list,
        """
        SELECT media_ids FROM upload_holders
         WHERE church_id = :church AND holder_id = :holder FOR UPDATE
        """,
        {"church": church_id, "holder": holder_id},
    )
    await db.run(
        session,
        """
        INSERT INTO upload_holders AS known (church_id, holder_id, media_ids, changed_at)
        VALUES (:church, :holder, CAST(:ids AS uuid[]), :at)
        ON CONFLICT (church_id, holder_id) DO UPDATE
           SET media_ids = excluded.media_ids, changed_at = excluded.changed_at
         WHERE known.changed_at <= excluded.changed_at
        """,
        {
            "church": church_id,
            "holder": holder_id,
            "ids": list(media_ids),
            "at": at or clock.now(),
        },
    )
    if left := set(before or ()) - set(media_ids):
        again = clock.now() + KEPT_UNSENT + GRACE
        await due_work.put_all(session, Kind.UPLOAD, left, church_id, again)


async def is_held(session: AsyncSession, church_id: UUID, media_id: UUID) -> bool:
    """Whether anything refers to the upload (ix_upload_holders_media_ids)."""
    return await db.exists(
        session,
        """
        SELECT 1 FROM upload_holders
         WHERE church_id = :church AND media_ids @> ARRAY[CAST(:id AS uuid)] LIMIT 1
        """,
        {"church": church_id, "id": media_id},
    )
