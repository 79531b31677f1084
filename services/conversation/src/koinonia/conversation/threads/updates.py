"""Publish what changed in threads (``conversation.updated``), and make cached lists old."""

import dataclasses
from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict, Unpack
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, outbox
from koinonia.common.events.conversation import (
    ConversationsBegun,
    ConversationUpdated,
    LineMedia,
    PhoneConversation,
)
from koinonia.conversation import list_cache
from koinonia.conversation.threads.threads import Message, Thread
from koinonia.conversation.threads.vocabulary import Direction, Reason

PREVIEW = 160  # characters


class Changes(TypedDict, total=False):
    """Fields of a thread that are different now."""

    status: str
    unread_count: int
    last_message_at: datetime
    assignee_id: UUID | None


async def publish(
    session: AsyncSession,
    thread: Thread,
    reason: Reason,
    line: Message | None = None,
    *,
    is_new: bool = False,
    **changed: Unpack[Changes],
) -> None:
    """``thread`` is as it was found, ``changed`` what is different now, ``line`` what is new in
    it."""
    event = update(thread, reason, line, is_new=is_new, **changed)
    began = [begun(thread, thread.phone_index)] if is_new else []
    await publish_all(session, thread.church_id, [event, *began])


async def publish_each(
    session: AsyncSession, found: Sequence[Thread], reason: Reason, **changed: Unpack[Changes]
) -> None:
    """The same change of several threads of a church."""
    if found:
        events = [update(thread, reason, **changed) for thread in found]
        await publish_all(session, found[0].church_id, events)


async def publish_all(
    session: AsyncSession,
    church_id: UUID,
    events: Sequence[ConversationUpdated | ConversationsBegun],
) -> None:
    """All changes of threads of the church in this transaction; without any, the lists only."""
    list_cache.forget(session, church_id)
    await outbox.add(session, *events)


def update(
    thread: Thread,
    reason: Reason,
    line: Message | None = None,
    *,
    is_new: bool = False,
    merged_into_id: UUID | None = None,
    **changed: Unpack[Changes],
) -> ConversationUpdated:
    now = dataclasses.replace(thread, **changed)
    is_text = line is not None and reason is Reason.RECEIVED
    return ConversationUpdated(
        church_id=thread.church_id,
        conversation_id=thread.id,
        status=now.status,
        previous_status=None if is_new else thread.status,
        unread_count=now.unread_count,
        reason=reason,
        message_id=line.id if line else None,
        direction=line.direction if line else None,
        preview=line.content[:PREVIEW] if line else None,
        media=_media(line),
        participants=line.participants if line else 0,
        last_message_at=_last_message_at(now, line),
        assignee_id=now.assignee_id,
        text=line.content if line and is_text and len(line.content) > PREVIEW else None,
        phone_index=thread.phone_index if is_text else None,
        sealed_phone=thread.phone_sealed if is_text else None,
        merged_into_id=merged_into_id,
    )


def begun(thread: Thread, phone_index: str) -> ConversationsBegun:
    """From now on the thread is that of this phone."""
    one = PhoneConversation(conversation_id=thread.id, phone_index=phone_index, since=clock.now())
    return ConversationsBegun(church_id=thread.church_id, conversations=[one])


def _media(line: Message | None) -> LineMedia | None:
    if line is None or line.media.kind is None:
        return None
    return LineMedia(kind=line.media.kind, count=line.media.count)


def _last_message_at(thread: Thread, line: Message | None) -> datetime:
    if line is None or line.direction is Direction.NOTE:
        return thread.last_message_at
    return max(thread.last_message_at, line.occurred_at)
