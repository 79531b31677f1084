"""Uploads of staff that go out with a reply."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.identity import Identity
from koinonia.conversation.media import file_links
from koinonia.conversation.media.errors import FilesTooLarge, NoSuchUpload
from koinonia.conversation.replies import staff_replies
from koinonia.conversation.replies.outgoing_lines import Outgoing
from koinonia.conversation.replies.recipients import Target
from koinonia.conversation.running import Running
from koinonia.conversation.threads import media_summary

MOST_BYTES = 1_000_000  # of all files of one text (Telnyx refuses more with 40317)


class _Upload(NamedTuple):
    id: UUID
    bytes: int
    content_type: str
    created_at: datetime


class Address(NamedTuple):
    """Where the carrier fetches an upload."""

    url: str
    content_type: str


async def addresses(
    session: AsyncSession, running: Running, church_id: UUID, media_ids: Sequence[UUID]
) -> list[Address]:
    """The uploads' addresses for the carrier, in their order; the same at every call. Raises
    ``NoSuchUpload`` and ``FilesTooLarge``. Locks the uploads, so that none is forgotten."""
    if not media_ids:
        return []
    found = await db.rows(
        session,
        _Upload,
        """
        SELECT id, bytes, content_type, created_at FROM media_files
         WHERE church_id = :church AND id = ANY(CAST(:ids AS uuid[]))
           AND source = 'upload' AND status = 'stored'
         ORDER BY id FOR UPDATE
        """,
        {"church": church_id, "ids": list(media_ids)},
    )
    uploads = {row.id: row for row in found}
    if not uploads.keys() >= set(media_ids):
        raise NoSuchUpload
    if sum(row.bytes for row in found) > MOST_BYTES:
        raise FilesTooLarge
    return [_address(running, church_id, uploads[media_id]) for media_id in media_ids]


def _address(running: Running, church_id: UUID, upload: _Upload) -> Address:
    url = file_links.url_for_carrier(running, church_id, upload.id, upload.created_at)
    return Address(url, upload.content_type)


async def attach(
    session: AsyncSession, church_id: UUID, message_id: UUID, media_ids: Sequence[UUID]
) -> None:
    """Make the uploads files of the message. One that is a file of another message already becomes
    a second file with the same content, which is never removed as long as a line has it."""
    if not media_ids:
        return
    await db.run(
        session,
        """
        WITH given AS (
            SELECT id, place FROM unnest(CAST(:ids AS uuid[])) WITH ORDINALITY AS given (id, place)
        ), attached AS (
            UPDATE media_files AS f SET message_id = :message, position = given.place - 1
              FROM given
             WHERE f.church_id = :church AND f.id = given.id AND f.message_id IS NULL
            RETURNING f.id
        )
        INSERT INTO media_files (id, church_id, message_id, position, source, status, name,
                                 content_type, bytes, width, height, store_key, admin_id)
        SELECT new.id, f.church_id, :message, given.place - 1, 'upload', f.status, f.name,
               f.content_type, f.bytes, f.width, f.height, f.store_key, f.admin_id
          FROM given
          JOIN media_files f ON f.church_id = :church AND f.id = given.id
                            AND f.message_id IS NOT NULL
          JOIN unnest(CAST(:new_ids AS uuid[])) WITH ORDINALITY AS new (id, place) USING (place)
         WHERE f.id NOT IN (SELECT id FROM attached)
        """,
        {
            "church": church_id,
            "message": message_id,
            "ids": list(media_ids),
            "new_ids": [db.uuid7() for _ in media_ids],
        },
    )


async def reply(
    session: AsyncSession,
    running: Running,
    admin: Identity,
    target: Target,
    content: str,
    media_urls: Sequence[str],
    media_ids: Sequence[UUID],
) -> Outgoing:
    """A reply with files; see :func:`koinonia.conversation.replies.staff_replies.create`."""
    uploads = await addresses(session, running, admin.church_id, media_ids)
    types = [*map(media_summary.type_by_address, media_urls), *(u.content_type for u in uploads)]
    message = await staff_replies.create(
        session,
        admin,
        target,
        content,
        [*media_urls, *(u.url for u in uploads)],
        media=media_summary.by_types(types),
    )
    await attach(session, admin.church_id, message.id, media_ids)
    return message
