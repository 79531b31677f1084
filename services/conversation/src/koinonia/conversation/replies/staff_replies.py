"""Replies that staff send now."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db, idempotency
from koinonia.common.events.messaging import DeliveryStatus
from koinonia.common.identity import Identity
from koinonia.conversation.replies import canned_replies, outgoing_lines
from koinonia.conversation.replies.outgoing_lines import Outgoing
from koinonia.conversation.threads import threads
from koinonia.conversation.threads.media_summary import Summary
from koinonia.conversation.threads.vocabulary import Direction, Source

SCOPE = "conversations.reply"


class _Accepted(NamedTuple):
    """A reply as it was accepted."""

    content: str
    media_urls: list[str]
    occurred_at: datetime
    admin_id: UUID
    parts: int
    price: Decimal | None


async def create(
    session: AsyncSession,
    admin: Identity,
    thread_id: UUID,
    content: str,
    media_urls: Sequence[str],
    key: str | None,
    *,
    shortcut: str | None = None,
    media: Summary | None = None,
) -> Outgoing:
    """Accept a reply; ``shortcut`` names the canned one that takes the place of ``content``. The
    same ``key`` with the same reply is answered as before, even if the canned one has changed."""
    message_id = db.uuid7()
    if shortcut is None:
        outgoing_lines.check(content, media_urls)
    if key is not None:
        request = (str(thread_id), content, *media_urls, *(("/", shortcut) if shortcut else ()))
        earlier = await idempotency.claimed_before(
            session, admin.church_id, SCOPE, key, request, message_id
        )
        if earlier is not None:
            return await _as_answered(session, admin.church_id, earlier)
    if shortcut is not None:
        canned = await canned_replies.by_shortcut(session, admin.church_id, shortcut)
        content = canned.content
    thread = await threads.locked(session, admin.church_id, thread_id)
    if obstacle := await outgoing_lines.obstacle(session, thread):
        raise obstacle
    return await outgoing_lines.post(
        session,
        thread,
        content,
        media_urls,
        source=Source.STAFF,
        message_id=message_id,
        admin_id=admin.admin_id,
        media=media,
    )


async def _as_answered(session: AsyncSession, church_id: UUID, message_id: UUID) -> Outgoing:
    """The reply as it was when it was accepted, however far it got since."""
    accepted = await db.first(
        session,
        _Accepted,
        """
        SELECT content, media_urls, occurred_at, admin_id, coalesce(parts, 1) AS parts, price
          FROM conversation_messages WHERE church_id = :church AND id = :id
        """,
        {"church": church_id, "id": message_id},
    )
    assert accepted is not None
    return Outgoing(
        id=message_id,
        church_id=church_id,
        direction=Direction.OUTBOUND,
        content=accepted.content,
        media_urls=accepted.media_urls,
        status=DeliveryStatus.PENDING,
        occurred_at=accepted.occurred_at,
        source=Source.STAFF,
        admin_id=accepted.admin_id,
        parts=accepted.parts,
        price=accepted.price,
    )
