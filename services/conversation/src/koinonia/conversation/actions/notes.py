"""Notes among staff, between the texts of a thread. A note is a line that never leaves, is never
unread and never the last message."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db, outbox
from koinonia.common.events.conversation import StaffNotified
from koinonia.common.identity import Identity, permissions
from koinonia.conversation.errors import NoSuchNote, NotYourNote
from koinonia.conversation.projections import team
from koinonia.conversation.threads import threads, updates
from koinonia.conversation.threads.threads import Thread
from koinonia.conversation.threads.vocabulary import NOTED, Direction, Notice, Reason

MANAGES = "conversations.manage"  # also the notes of others


class _Note(NamedTuple):
    admin_id: UUID | None  # None: it tells what happened, and nobody wrote it
    content: str
    mentions: list[UUID]
    occurred_at: datetime


async def write(
    session: AsyncSession,
    admin: Identity,
    thread_id: UUID,
    content: str,
    mentions: Sequence[UUID],
) -> UUID:
    """Returns the id of the new note."""
    thread = await threads.locked(session, admin.church_id, thread_id)
    await _check(session, admin, mentions)
    note = threads.Message(
        id=db.uuid7(),
        church_id=admin.church_id,
        direction=Direction.NOTE,
        content=content,
        media_urls=(),
        status=NOTED,
        occurred_at=clock.now(),
    )
    await db.run(
        session,
        """
        INSERT INTO conversation_messages (id, church_id, conversation_id, direction, content,
                                           status, admin_id, mentions, occurred_at, is_read)
        VALUES (:id, :church, :thread, 'note', :content, 'noted', :admin,
                CAST(:mentions AS uuid[]), :at, true)
        """,
        {
            "id": note.id,
            "church": admin.church_id,
            "thread": thread_id,
            "content": content,
            "admin": admin.admin_id,
            "mentions": list(mentions),
            "at": note.occurred_at,
        },
    )
    await updates.publish(session, thread, Reason.NOTED, note)
    await _notify(session, admin, thread, note.id, mentions)
    return note.id


async def rewrite(
    session: AsyncSession,
    admin: Identity,
    thread_id: UUID,
    note_id: UUID,
    content: str,
    mentions: Sequence[UUID] | None,
) -> None:
    """Whom it mentions newly is notified; None leaves the mentions as they are."""
    thread = await threads.locked(session, admin.church_id, thread_id)
    before = await _own(session, admin, thread_id, note_id)
    named = list(before.mentions if mentions is None else mentions)
    if (content, named) == (before.content, before.mentions):
        return
    added = [each for each in named if each not in before.mentions]
    await _check(session, admin, added)
    await db.run(
        session,
        """
        UPDATE conversation_messages SET content = :content, mentions = CAST(:mentions AS uuid[])
         WHERE church_id = :church AND id = :id
        """,
        {"church": admin.church_id, "id": note_id, "content": content, "mentions": named},
    )
    note = threads.Message(
        note_id, admin.church_id, Direction.NOTE, content, (), NOTED, before.occurred_at
    )
    await updates.publish(session, thread, Reason.NOTED, note)
    await _notify(session, admin, thread, note_id, added)


async def remove(session: AsyncSession, admin: Identity, thread_id: UUID, note_id: UUID) -> None:
    thread = await threads.locked(session, admin.church_id, thread_id)
    await _own(session, admin, thread_id, note_id)
    await db.run(
        session,
        "DELETE FROM conversation_messages WHERE church_id = :church AND id = :id",
        {"church": admin.church_id, "id": note_id},
    )
    await updates.publish(session, thread, Reason.NOTED)


async def _own(session: AsyncSession, admin: Identity, thread_id: UUID, note_id: UUID) -> _Note:
    """The note, if this admin may change it."""
    note = await db.one(
        session,
        _Note,
        """
        SELECT admin_id, content, mentions, occurred_at FROM conversation_messages
         WHERE church_id = :church AND conversation_id = :thread AND id = :id
           AND direction = 'note'
        """,
        {"church": admin.church_id, "thread": thread_id, "id": note_id},
        missing=NoSuchNote,
    )
    manages = permissions.has(admin, MANAGES)
    may_change = manages or note.admin_id == admin.admin_id
    if note.admin_id is None or not may_change:
        raise NotYourNote
    return note


async def _check(session: AsyncSession, admin: Identity, mentions: Collection[UUID]) -> None:
    await team.check(session, admin.church_id, set(mentions) - {admin.admin_id})


async def _notify(
    session: AsyncSession,
    admin: Identity,
    thread: Thread,
    note_id: UUID,
    mentions: Sequence[UUID],
) -> None:
    others = tuple(each for each in mentions if each != admin.admin_id)
    if not others:
        return
    event = StaffNotified(
        church_id=admin.church_id,
        admin_ids=others,
        conversation_id=thread.id,
        reason=Notice.MENTIONED,
        message_id=note_id,
        by=admin.admin_id,
    )
    await outbox.add(session, event)
