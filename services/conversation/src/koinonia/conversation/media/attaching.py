"""What staff uploaded, as it goes out with a text."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.identity import Identity
from koinonia.conversation.answering import replies
from koinonia.conversation.answering.lines import Outgoing
from koinonia.conversation.media import links
from koinonia.conversation.media.errors import FileSentAlready, FilesTooLarge, NoSuchUpload
from koinonia.conversation.running import Running

MOST_BYTES = 1_000_000  # of all files of one text (Telnyx refuses more with 40317)


async def addresses(
    session: AsyncSession, running: Running, church_id: UUID, media_ids: Sequence[UUID]
) -> list[str]:
    """The uploads' addresses for the carrier, in their order; the same at every call. Raises
    ``NoSuchUpload`` and ``FilesTooLarge``. Holds the uploads against those who forget them."""
    if not media_ids:
        return []
    found = await db.untyped_rows(
        session,
        """
        SELECT id, bytes, created_at FROM media_files
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
    return [
        links.url_for_carrier(running, church_id, media_id, uploads[media_id].created_at)
        for media_id in media_ids
    ]


async def attach(
    session: AsyncSession, church_id: UUID, message_id: UUID, media_ids: Sequence[UUID]
) -> None:
    """Make the uploads files of the message; once more changes nothing. An upload goes out with
    one message only: raises ``FileSentAlready``."""
    attached = await db.run(
        session,
        """
        UPDATE media_files AS f SET message_id = :message, position = given.place - 1
          FROM unnest(CAST(:ids AS uuid[])) WITH ORDINALITY AS given (id, place)
         WHERE f.church_id = :church AND f.id = given.id
           AND (f.message_id IS NULL OR f.message_id = :message)
        """,
        {"church": church_id, "message": message_id, "ids": list(media_ids)},
    )
    if attached != len(media_ids):
        raise FileSentAlready


async def reply(
    session: AsyncSession,
    running: Running,
    admin: Identity,
    thread_id: UUID,
    content: str,
    media_urls: Sequence[str],
    media_ids: Sequence[UUID],
    key: str | None,
) -> Outgoing:
    """A reply with files; see :func:`koinonia.conversation.answering.replies.create`."""
    uploads = await addresses(session, running, admin.church_id, media_ids)
    message = await replies.create(session, admin, thread_id, content, [*media_urls, *uploads], key)
    await attach(session, admin.church_id, message.id, media_ids)
    return message
