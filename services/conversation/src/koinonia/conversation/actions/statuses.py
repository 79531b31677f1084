"""Open, close or archive threads; mark them as read."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.identity import Identity
from koinonia.conversation import due_work
from koinonia.conversation.threads import read_marks, updates
from koinonia.conversation.threads.threads import Thread
from koinonia.conversation.threads.vocabulary import Reason, Status


async def change(session: AsyncSession, found: Sequence[Thread], status: Status) -> list[Thread]:
    """A snooze ends. Returns those that changed, as they are now."""
    changing = [thread for thread in found if thread.status != status]
    if not changing:
        return []
    await db.run(
        session,
        """
        UPDATE conversations SET status = :status, snoozed_until = NULL
         WHERE church_id = :church AND id = ANY(CAST(:ids AS uuid[]))
        """,
        {
            "church": changing[0].church_id,
            "ids": [thread.id for thread in changing],
            "status": status,
        },
    )
    if snoozed := [thread.id for thread in changing if thread.snoozed_until is not None]:
        await due_work.drop(session, due_work.Kind.SNOOZE, *snoozed)
    await updates.publish_each(session, changing, Reason.STATUS, status=status)
    return [replace(thread, status=status, snoozed_until=None) for thread in changing]


async def mark_read(
    session: AsyncSession, admin: Identity, found: Sequence[Thread]
) -> list[Thread]:
    """Mark all lines as read, for the church and for who reads. Returns those that changed for the
    church, as they are now."""
    await read_marks.record(session, admin, [thread.id for thread in found])
    changing = [thread for thread in found if thread.unread_count]
    if not changing:
        return []
    given = {"church": changing[0].church_id, "ids": [thread.id for thread in changing]}
    await db.run(
        session,
        """
        UPDATE conversation_messages SET is_read = true
         WHERE church_id = :church AND conversation_id = ANY(CAST(:ids AS uuid[])) AND NOT is_read
        """,
        given,
    )
    await db.run(
        session,
        """
        UPDATE conversations SET unread_count = 0
         WHERE church_id = :church AND id = ANY(CAST(:ids AS uuid[]))
        """,
        given,
    )
    await updates.publish_each(session, changing, Reason.READ, unread_count=0)
    return [replace(thread, unread_count=0) for thread in changing]
