"""What staff answer."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db, idempotency
from koinonia.common.events.messaging import DeliveryStatus
from koinonia.common.identity import Identity
from koinonia.conversation import threads
from koinonia.conversation.answering import canned, lines
from koinonia.conversation.answering.lines import Outgoing
from koinonia.conversation.models import Source

SCOPE = "conversations.reply"


async def create(
    session: AsyncSession,
    admin: Identity,
    thread_id: UUID,
    content: str,
    media_urls: Sequence[str],
    key: str | None,
    *,
    shortcut: str | None = None,
) -> Outgoing:
    """Accept a reply; ``shortcut`` names the canned one that takes the place of ``content``. The
    same ``key`` with the same reply is answered as it was before, whatever the canned one says."""
    message_id = db.uuid7()
    if shortcut is None:
        lines.check(content, media_urls)
    if key is not None:
        request = (str(thread_id), content, *media_urls, *(("/", shortcut) if shortcut else ()))
        earlier = await idempotency.claimed_before(
            session, admin.church_id, SCOPE, key, request, message_id
        )
        if earlier is not None:
            return await _as_answered(session, admin.church_id, earlier)
    if shortcut is not None:
        content = await canned.content(session, admin.church_id, shortcut)
    thread = await threads.locked(session, admin.church_id, thread_id)
    if obstacle := await lines.obstacle(session, thread):
        raise obstacle
    return await lines.post(
        session,
        thread,
        content,
        media_urls,
        source=Source.STAFF,
        message_id=message_id,
        admin_id=admin.admin_id,
    )


async def _as_answered(session: AsyncSession, church_id: UUID, message_id: UUID) -> Outgoing:
    """The reply as it was when it was accepted, however far it got since."""
    row = await db.untyped_first(
        session,
        """
        SELECT id, church_id, direction, content, media_urls, occurred_at, admin_id, source,
               coalesce(parts, 1) AS parts, price
          FROM conversation_messages WHERE church_id = :church AND id = :id
        """,
        {"church": church_id, "id": message_id},
    )
    assert row is not None
    return Outgoing(**row._mapping, status=DeliveryStatus.PENDING)
