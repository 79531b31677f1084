"""Files that staff upload: known by their content, fitted, stored, and forgotten unless sent."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db
from koinonia.common.identity import Identity
from koinonia.conversation import due
from koinonia.conversation.due import Kind
from koinonia.conversation.media import files
from koinonia.conversation.media.errors import FileNotTaken, FileTooLarge, StoreNotReached
from koinonia.conversation.media.files import Status
from koinonia.conversation.media.links import KEPT_UNSENT
from koinonia.conversation.running import Running
from koinonia.media import images, kinds
from koinonia.media.images import Fitted
from koinonia.media.store import StoreAway

MOST_BYTES = 16 * 1024 * 1024
MOST_OF_A_NAME = 100  # characters


@dataclass(frozen=True, slots=True)
class Upload:
    """What was stored."""

    id: UUID
    name: str
    content_type: str
    bytes: int
    width: int | None
    height: int | None
    created_at: datetime


async def take(
    running: Running, admin: Identity, content: bytes, name: str | None, file_id: UUID | None = None
) -> Upload:
    """Keep a file; raises ``FileNotTaken``, ``FileTooLarge``. The same ``file_id`` again is the
    same upload. Its row is there before the object, so that nothing lies in the store unknown."""
    fitted = await _fitted(running, content)
    row_id = file_id or db.uuid7()
    church_id = admin.church_id
    async with running.database.transaction(church_id) as session:
        row = await _begun(session, admin, row_id, name_of(name, fitted.file.kind))
        await due.put(session, Kind.UPLOAD, row_id, church_id, row.created_at + KEPT_UNSENT)
    if row.status != Status.STORED:
        try:
            await running.media.store.put(
                files.key(church_id, row_id), fitted.content, fitted.file.kind
            )
        except StoreAway:
            raise StoreNotReached from None
        async with running.database.transaction(church_id) as session:
            await files.settle(
                session, row, Status.STORED, file=fitted.file, size=len(fitted.content)
            )
            row = await files.one(session, church_id, row_id)
    return Upload(
        row.id, row.name, row.content_type, row.bytes, row.width, row.height, row.created_at
    )


async def forget_unsent(running: Running) -> None:
    """The loop: uploads that nobody sent within a week, object and row."""

    async def forget(session: AsyncSession, church_id: UUID, file_id: UUID) -> None:
        unsent = await db.untyped_first(
            session,
            """
            DELETE FROM media_files
             WHERE church_id = :church AND id = :id AND source = 'upload' AND message_id IS NULL
            RETURNING id
            """,
            {"church": church_id, "id": file_id},
        )
        if unsent is not None:  # before the commit: should that fail, the next turn does it again
            await running.media.store.delete(files.key(church_id, file_id))
        await due.drop(session, Kind.UPLOAD, file_id)

    await due.each(running, Kind.UPLOAD, forget)


async def _fitted(running: Running, content: bytes) -> Fitted:
    if len(content) > MOST_BYTES:
        raise FileTooLarge(f"A file may have {MOST_BYTES // 2**20} MB. Choose a smaller one.")
    bench = running.media.images
    try:
        file = await bench.recognised(content)
        if file.kind.is_image:
            fitted: Fitted = await bench.fitted(content, file)
            return fitted
    except kinds.NotTaken as refusal:
        raise FileNotTaken(str(refusal)) from None
    if len(content) > images.LIMIT:
        raise FileTooLarge(
            f"Only images are made smaller. A file of this kind may have {images.LIMIT // 1000} "
            f"KB and this one has {len(content) // 1000}. Choose a smaller one, or send a link."
        )
    return Fitted(content, file)


async def _begun(session: AsyncSession, admin: Identity, file_id: UUID, name: str) -> Any:
    return await db.untyped_first(
        session,
        f"""
        INSERT INTO media_files (id, church_id, source, status, name, admin_id, created_at)
        VALUES (:id, :church, 'upload', 'pending', :name, :admin, :now)
        ON CONFLICT (id) DO UPDATE SET name = excluded.name
        RETURNING {files.COLUMNS}
        """,
        {
            "id": file_id,
            "church": admin.church_id,
            "name": name,
            "admin": admin.admin_id,
            "now": clock.now(),
        },
    )


def name_of(given: str | None, kind: kinds.Kind) -> str:
    """A name that is safe to show and to save, ending as what the file is."""
    last = PureWindowsPath(PurePosixPath(given or "").name).name
    plain = "".join(each for each in last if unicodedata.category(each)[0] != "C")
    stem = re.sub(r'[<>:"|?*\\/;%]', "", plain).rpartition(".")[0] or plain
    return (stem.strip(" .")[:MOST_OF_A_NAME] or "file") + kind.extension
