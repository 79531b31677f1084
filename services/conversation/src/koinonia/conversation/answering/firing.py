"""What is done with a scheduled reply when it is due: it becomes a line, or is refused.

Its due work is held meanwhile, so one worker has it; the line takes its id, so there is one line.
A reply is a conversation and goes at its time, whatever the quiet hours of broadcasts.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db, outbox
from koinonia.common.errors import AppError
from koinonia.common.events.conversation import StaffNotified
from koinonia.conversation import due, threads
from koinonia.conversation.answering import lines
from koinonia.conversation.answering.errors import TooLate
from koinonia.conversation.answering.scheduled import State
from koinonia.conversation.due import Kind
from koinonia.conversation.models import Source
from koinonia.conversation.running import Running

LATEST = timedelta(hours=24)


async def fire_due(running: Running) -> None:
    """The loop."""
    await due.each(running, Kind.SCHEDULED_REPLY, fire)


async def fire(session: AsyncSession, church_id: UUID, reply_id: UUID) -> None:
    await due.drop(session, Kind.SCHEDULED_REPLY, reply_id)
    where = {"church": church_id, "id": reply_id}
    found = await db.untyped_first(
        session,
        "SELECT conversation_id FROM scheduled_replies WHERE church_id = :church AND id = :id",
        where,
    )
    if found is None:
        return
    thread = await threads.locked(session, church_id, found.conversation_id)
    reply = await db.untyped_first(
        session,
        """
        SELECT id, admin_id, content, media_urls, send_at FROM scheduled_replies
         WHERE church_id = :church AND id = :id AND status = 'waiting' FOR UPDATE
        """,
        where,
    )
    if reply is not None:
        await _send(session, thread, reply)


async def _send(session: AsyncSession, thread: threads.Thread, reply: Any) -> None:
    is_late = clock.now() - reply.send_at >= LATEST
    refusal = TooLate if is_late else await lines.obstacle(session, thread)
    if refusal is not None:
        await _end(session, thread, reply, State.REFUSED, refusal)
        await outbox.add(session, _news(thread, reply))
        return
    await _end(session, thread, reply, State.SENT)
    await lines.post(
        session,
        thread,
        reply.content,
        reply.media_urls,
        source=Source.SCHEDULED,
        message_id=reply.id,
        admin_id=reply.admin_id,
    )


async def _end(
    session: AsyncSession,
    thread: threads.Thread,
    reply: Any,
    state: State,
    refusal: type[AppError] | None = None,
) -> None:
    await db.run(
        session,
        """
        UPDATE scheduled_replies SET status = :state, code = :code, reason = :reason
         WHERE church_id = :church AND id = :id
        """,
        {
            "church": thread.church_id,
            "id": reply.id,
            "state": state,
            "code": refusal.code if refusal else None,
            "reason": refusal.message if refusal else None,
        },
    )


def _news(thread: threads.Thread, reply: Any) -> StaffNotified:
    return StaffNotified(
        church_id=thread.church_id,
        admin_ids=(reply.admin_id,),
        conversation_id=thread.id,
        reason="reply_refused",
        message_id=reply.id,
    )
