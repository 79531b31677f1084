"""Scheduled replies that are due: each becomes a line of its thread, or is refused.

Its due work is locked meanwhile, so one worker has it; the line takes its id, so there is one line.
A reply is a conversation and goes at its time, whatever the quiet hours of broadcasts.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db, outbox
from koinonia.common.errors import AppError
from koinonia.common.events.conversation import StaffNotified
from koinonia.conversation import due_work
from koinonia.conversation.due_work import Kind
from koinonia.conversation.media import upload_holders
from koinonia.conversation.projections import team
from koinonia.conversation.replies import attachments, outgoing_lines
from koinonia.conversation.replies.errors import TooLate
from koinonia.conversation.replies.scheduled_replies import ScheduledReplyStatus
from koinonia.conversation.running import Running
from koinonia.conversation.threads import threads
from koinonia.conversation.threads.vocabulary import LineSource, Notice

LATEST = timedelta(hours=24)


class _DueReply(NamedTuple):
    id: UUID
    admin_id: UUID
    content: str
    media_urls: Sequence[str]
    media_ids: Sequence[UUID]
    send_at: datetime


async def send_due(running: Running) -> None:
    """The loop."""
    await due_work.do_each(running, Kind.SCHEDULED_REPLY, send_or_refuse)


async def send_or_refuse(session: AsyncSession, church_id: UUID, reply_id: UUID) -> None:
    await due_work.drop(session, Kind.SCHEDULED_REPLY, reply_id)
    where = {"church": church_id, "id": reply_id}
    thread_id = await db.value(
        session,
        UUID,
        "SELECT conversation_id FROM scheduled_replies WHERE church_id = :church AND id = :id",
        where,
    )
    if thread_id is None:
        return
    thread = await threads.locked(session, church_id, thread_id)
    reply = await db.first(
        session,
        _DueReply,
        """
        SELECT id, admin_id, content, media_urls, media_ids, send_at FROM scheduled_replies
         WHERE church_id = :church AND id = :id AND status = 'waiting' FOR UPDATE
        """,
        where,
    )
    if reply is not None:
        await _send(session, thread, reply)


async def _send(session: AsyncSession, thread: threads.Thread, reply: _DueReply) -> None:
    is_late = clock.now() - reply.send_at >= LATEST
    refusal = TooLate if is_late else await outgoing_lines.obstacle(session, thread)
    if refusal is not None:
        await _settle(session, thread, reply, ScheduledReplyStatus.REFUSED, refusal)
        told = await team.answerable_for(
            session, thread.church_id, reply.admin_id, thread.assignee_id
        )
        await outbox.add(session, _notice(thread, reply, told))
        return
    await _settle(session, thread, reply, ScheduledReplyStatus.SENT)
    await outgoing_lines.post(
        session,
        thread,
        reply.content,
        reply.media_urls,
        source=LineSource.SCHEDULED,
        message_id=reply.id,
        admin_id=reply.admin_id,
    )
    await attachments.attach(session, thread.church_id, reply.id, reply.media_ids)


async def _settle(
    session: AsyncSession,
    thread: threads.Thread,
    reply: _DueReply,
    state: ScheduledReplyStatus,
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
    if reply.media_ids:
        await upload_holders.hold(session, thread.church_id, reply.id, ())


def _notice(thread: threads.Thread, reply: _DueReply, admin_ids: tuple[UUID, ...]) -> StaffNotified:
    return StaffNotified(
        church_id=thread.church_id,
        admin_ids=admin_ids,
        conversation_id=thread.id,
        reason=Notice.REPLY_REFUSED,
        message_id=reply.id,
    )
