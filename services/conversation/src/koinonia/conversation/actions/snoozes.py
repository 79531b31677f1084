"""Snoozed threads: put aside until a time, or until the next text."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db
from koinonia.conversation import due_work
from koinonia.conversation.errors import SnoozeOutOfRange
from koinonia.conversation.running import Running
from koinonia.conversation.threads import threads, updates
from koinonia.conversation.threads.threads import Thread
from koinonia.conversation.threads.vocabulary import Reason, Status

LONGEST = timedelta(days=366)
BUSY = timedelta(seconds=1)  # another transaction has locked the thread: try again then


def check(until: datetime) -> None:
    """Raises ``SnoozeOutOfRange``."""
    if not clock.now() < until <= clock.now() + LONGEST:
        raise SnoozeOutOfRange


async def snooze(session: AsyncSession, found: Sequence[Thread], until: datetime) -> list[Thread]:
    """Returns those that changed, as they are now."""
    changing = [thread for thread in found if thread.snoozed_until != until]
    if not changing:
        return []
    ids = [thread.id for thread in changing]
    await db.run(
        session,
        """
        UPDATE conversations SET status = 'snoozed', snoozed_until = :until
         WHERE church_id = :church AND id = ANY(CAST(:ids AS uuid[]))
        """,
        {"church": changing[0].church_id, "ids": ids, "until": until},
    )
    await due_work.put_all(session, due_work.Kind.SNOOZE, ids, changing[0].church_id, until)
    await updates.publish_each(session, changing, Reason.SNOOZED, status=Status.SNOOZED)
    return [replace(each, status=Status.SNOOZED, snoozed_until=until) for each in changing]


async def end(session: AsyncSession, thread: Thread) -> None:
    """Open it again before its time; one that is not snoozed stays as it is."""
    if thread.snoozed_until is None:
        return
    await _open(session, thread.id)
    await due_work.drop(session, due_work.Kind.SNOOZE, thread.id)
    await updates.publish(session, thread, Reason.WOKEN, status=Status.OPEN)


async def wake_due(running: Running) -> None:
    """The loop: open those whose time has come."""
    await due_work.do_each(running, due_work.Kind.SNOOZE, _wake)


async def _wake(session: AsyncSession, church_id: UUID, thread_id: UUID) -> None:
    """Here the row of due work is locked before the thread's, elsewhere after: so this one never
    waits."""
    if await _is_busy(session, church_id, thread_id):
        await due_work.put(session, due_work.Kind.SNOOZE, thread_id, church_id, clock.now() + BUSY)
        return
    for thread in await threads.locked_together(session, church_id, [thread_id]):
        if thread.snoozed_until is not None and thread.snoozed_until > clock.now():
            await due_work.put(
                session, due_work.Kind.SNOOZE, thread_id, church_id, thread.snoozed_until
            )
            return
        if thread.snoozed_until is not None:
            await _open(session, thread_id)
            await updates.publish(session, thread, Reason.WOKEN, status=Status.OPEN)
    await due_work.drop(session, due_work.Kind.SNOOZE, thread_id)


async def _is_busy(session: AsyncSession, church_id: UUID, thread_id: UUID) -> bool:
    parameters = {"church": church_id, "id": thread_id}
    thread = "FROM conversations WHERE church_id = :church AND id = :id"
    if await db.exists(session, f"SELECT 1 {thread} FOR UPDATE SKIP LOCKED", parameters):
        return False
    return await db.exists(session, f"SELECT 1 {thread}", parameters)


async def _open(session: AsyncSession, thread_id: UUID) -> None:
    await db.run(
        session,
        "UPDATE conversations SET status = 'open', snoozed_until = NULL WHERE id = :id",
        {"id": thread_id},
    )
