"""What staff answer: a line of the thread, and the wish that messaging sends it.

The line's id is the id of the message that messaging makes of it. The thread keeps its status: a
farewell does not open what was closed, and the person's next text does.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.carriers import segments
from koinonia.common import clock, db, idempotency, outbox
from koinonia.common.events.conversation import ReplyRequested
from koinonia.common.events.messaging import DeliveryStatus
from koinonia.common.identity import Identity
from koinonia.conversation import threads
from koinonia.conversation.errors import EmptyText, NumberReleased, RecipientOptedOut, TextTooLong
from koinonia.conversation.models import Direction, Reason

SCOPE = "conversations.reply"


async def create(
    session: AsyncSession,
    admin: Identity,
    thread_id: UUID,
    content: str,
    media_urls: Sequence[str],
    key: str | None,
) -> threads.Message:
    """Accept a reply. The same ``key`` with the same reply is answered as it was before."""
    _check_text(content, media_urls)
    message_id = db.uuid7()
    if key is not None:
        request = (str(thread_id), content, *media_urls)
        earlier = await idempotency.claimed_before(
            session, admin.church_id, SCOPE, key, request, message_id
        )
        if earlier is not None:
            return await _as_answered(session, admin.church_id, earlier)
    thread = await threads.locked(session, admin.church_id, thread_id)
    await _check_way(session, admin.church_id, thread)
    message = threads.Message(
        id=message_id,
        church_id=admin.church_id,
        direction=Direction.OUTBOUND,
        content=content,
        media_urls=media_urls,
        status=DeliveryStatus.PENDING,
        occurred_at=clock.now(),
    )
    await _insert(session, admin, thread_id, message)
    await threads.promote(session, thread_id, message)
    await _request(session, admin, thread, message)
    await threads.tell(session, thread, Reason.REPLIED, message)
    return message


def _check_text(content: str, media_urls: Sequence[str]) -> None:
    if not content.strip() and not media_urls:
        raise EmptyText
    if len(content) > segments.MAX_CHARACTERS:
        raise TextTooLong(
            f"The text has {len(content):,} characters. Shorten it to {segments.MAX_CHARACTERS:,}."
        )
    parts = segments.measure(content).parts
    if parts > segments.MAX_PARTS and not media_urls:  # with a file it is not cut into parts
        raise TextTooLong(
            f"The text takes {parts} parts and a phone gets at most {segments.MAX_PARTS}. Shorten "
            "it, or leave out emoji and unusual letters: with them a part holds half as much."
        )


async def _check_way(session: AsyncSession, church_id: UUID, thread: Any) -> None:
    """Whether a text may go from our number to their phone; messaging looks again when it sends."""
    way = await db.first(
        session,
        """
        SELECT EXISTS (SELECT FROM opt_outs
                        WHERE church_id = :church AND phone_index = :index AND is_opted_out)
                   AS is_opted_out,
               EXISTS (SELECT FROM number_routes
                        WHERE phone_number = :our_number AND church_id = :church
                          AND valid_from IS NOT NULL AND valid_to IS NULL) AS is_ours
        """,
        {"church": church_id, "index": thread.phone_index, "our_number": thread.our_number},
    )
    assert way is not None
    if way.is_opted_out:
        raise RecipientOptedOut
    if not way.is_ours:
        raise NumberReleased


async def _insert(
    session: AsyncSession, admin: Identity, thread_id: UUID, message: threads.Message
) -> None:
    await db.run(
        session,
        """
        INSERT INTO conversation_messages (id, church_id, conversation_id, direction, content,
                                           media_urls, status, admin_id, occurred_at, is_read)
        VALUES (:id, :church, :thread, 'outbound', :content, CAST(:media AS text[]), :status,
                :admin, :at, true)
        """,
        {
            "id": message.id,
            "church": message.church_id,
            "thread": thread_id,
            "content": message.content,
            "media": list(message.media_urls),
            "status": message.status,
            "admin": admin.admin_id,
            "at": message.occurred_at,
        },
    )


async def _request(
    session: AsyncSession, admin: Identity, thread: Any, message: threads.Message
) -> None:
    event = ReplyRequested(
        church_id=admin.church_id,
        reply_id=message.id,
        conversation_id=thread.id,
        admin_id=admin.admin_id,
        sender=thread.our_number,
        sealed_phone=thread.phone_sealed,
        text=message.content,
        media_urls=tuple(message.media_urls),
    )
    await outbox.add(session, event)


async def _as_answered(session: AsyncSession, church_id: UUID, message_id: UUID) -> threads.Message:
    """The reply as it was when it was accepted, however far it got since."""
    row = await db.first(
        session,
        """
        SELECT id, church_id, direction, content, media_urls, occurred_at
          FROM conversation_messages WHERE church_id = :church AND id = :id
        """,
        {"church": church_id, "id": message_id},
    )
    assert row is not None
    return threads.Message(**row._mapping, status=DeliveryStatus.PENDING)
