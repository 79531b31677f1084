"""Files that staff upload: recognised, fitted, stored, and forgotten unless they are sent."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db, outbox
from koinonia.common.events.conversation import UploadForgotten, UploadStored
from koinonia.common.identity import Identity
from koinonia.conversation import due_work
from koinonia.conversation.due_work import Kind as WorkKind
from koinonia.conversation.media import file_links, file_names, file_rows, upload_holders
from koinonia.conversation.media.errors import (
    FileNotTaken,
    FileTooLarge,
    NoSuchUpload,
    StoreNotReached,
)
from koinonia.conversation.media.file_links import KEPT_UNSENT
from koinonia.conversation.media.file_rows import FileStatus
from koinonia.conversation.media.upload_holders import GRACE
from koinonia.conversation.running import Running
from koinonia.media import images, kinds
from koinonia.media.images import Fitted
from koinonia.media.kinds import Kind
from koinonia.media.store import StoreAway

MOST_BYTES = 16 * 1024 * 1024


class Upload(NamedTuple):
    """An upload that is stored."""

    id: UUID
    name: str
    content_type: str
    bytes: int
    width: int | None
    height: int | None
    created_at: datetime


class _Begun(NamedTuple):
    created_at: datetime
    status: str


async def take(
    running: Running, admin: Identity, content: bytes, name: str | None, file_id: UUID | None = None
) -> Upload:
    """Store a file; raises ``FileNotTaken``, ``FileTooLarge``. The same ``file_id`` again is the
    same upload. Its row is there before the object, so that no object is unknown."""
    fitted = await _fitted(running, content)
    row_id = file_id or db.uuid7()
    church_id = admin.church_id
    async with running.database.transaction(church_id) as session:
        begun = await _begin(session, admin, row_id, file_names.safe_name(name, fitted.file.kind))
        forgotten_at = begun.created_at + KEPT_UNSENT + GRACE
        await due_work.put(session, WorkKind.UPLOAD, row_id, church_id, forgotten_at)
        if begun.status == FileStatus.STORED:
            return await _stored(session, church_id, row_id)
    try:
        object_key = file_rows.key(church_id, row_id)
        await running.media.store.put(object_key, fitted.content, fitted.file.kind)
    except StoreAway:
        raise StoreNotReached from None
    file, size = fitted.file, len(fitted.content)
    async with running.database.transaction(church_id) as session:
        settled = await file_rows.settle(
            session, church_id, row_id, FileStatus.STORED, file=file, size=size
        )
        upload = await _stored(session, church_id, row_id)
        if settled:
            await outbox.add(session, _stored_event(running, church_id, upload))
        return upload


async def forget_unsent(running: Running) -> None:
    """The loop: uploads that nothing has referred to for a week, object and row."""

    async def forget(session: AsyncSession, church_id: UUID, file_id: UUID) -> None:
        await due_work.drop(session, WorkKind.UPLOAD, file_id)
        if await upload_holders.is_held(session, church_id, file_id):
            return  # it is looked at again when that ends
        unsent = await db.run(
            session,
            """
            DELETE FROM media_files
             WHERE church_id = :church AND id = :id AND source = 'upload' AND message_id IS NULL
            """,
            {"church": church_id, "id": file_id},
        )
        if unsent:  # before the commit: should that fail, the next turn does it again
            await outbox.add(session, UploadForgotten(church_id=church_id, media_id=file_id))
            await running.media.store.delete(file_rows.key(church_id, file_id))

    await due_work.do_each(running, WorkKind.UPLOAD, forget)


def _stored_event(running: Running, church_id: UUID, upload: Upload) -> UploadStored:
    return UploadStored(
        church_id=church_id,
        media_id=upload.id,
        bytes=upload.bytes,
        content_type=upload.content_type,
        url=file_links.url_for_carrier(running, church_id, upload.id, upload.created_at),
        kept_until=upload.created_at + KEPT_UNSENT,
    )


async def _fitted(running: Running, content: bytes) -> Fitted:
    if len(content) > MOST_BYTES:
        raise FileTooLarge(f"A file may have {MOST_BYTES // 2**20} MB. Choose a smaller one.")
    bench = running.media.images
    try:
        file = await bench.recognised(content)
        if file.kind is Kind.HEIC:
            content = await bench.converted(content)
            file = await bench.recognised(content)
        kinds.check_sent(file)
        if file.kind.is_image:
            return await bench.fitted(content, file)
    except kinds.NotTaken as refusal:
        raise FileNotTaken(str(refusal)) from None
    if len(content) > images.LIMIT:
        raise FileTooLarge(
            f"Only images are made smaller. A file of this kind may have {images.LIMIT // 1000} "
            f"KB and this one has {len(content) // 1000}. Choose a smaller one, or send a link."
        )
    return Fitted(content, file)


async def _begin(session: AsyncSession, admin: Identity, file_id: UUID, name: str) -> _Begun:
    begun = await db.first(
        session,
        _Begun,
        """
        INSERT INTO media_files (id, church_id, source, status, name, admin_id, created_at)
        VALUES (:id, :church, 'upload', 'pending', :name, :admin, :now)
        ON CONFLICT (id) DO UPDATE SET name = excluded.name
        RETURNING created_at, status
        """,
        {
            "id": file_id,
            "church": admin.church_id,
            "name": name,
            "admin": admin.admin_id,
            "now": clock.now(),
        },
    )
    assert begun is not None
    return begun


async def _stored(session: AsyncSession, church_id: UUID, file_id: UUID) -> Upload:
    return await db.one(
        session,
        Upload,
        """
        SELECT id, name, content_type, bytes, width, height, created_at FROM media_files
         WHERE church_id = :church AND id = :id
        """,
        {"church": church_id, "id": file_id},
        missing=NoSuchUpload,
    )
