"""What somebody held who may not answer any more: it is assigned to nobody, and its thread says so.

A colleague was removed from the team, or reads only now. Their threads are taken from them step by
step, whatever the threads' status. A reply that they scheduled is a promise to who gets it and goes
out at its time; staff are told of it in the thread, where they can cancel it.
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db
from koinonia.conversation import due_work
from koinonia.conversation.due_work import Kind
from koinonia.conversation.projections import team
from koinonia.conversation.projections.team import Colleague
from koinonia.conversation.running import Running
from koinonia.conversation.threads import threads, updates
from koinonia.conversation.threads.threads import Message, Thread
from koinonia.conversation.threads.vocabulary import NOTED, Direction, Reason

AT_ONCE = 200  # threads in one transaction


class _Holding(NamedTuple):
    """A thread that was theirs, or with a reply of theirs that waits."""

    thread: Thread
    was_theirs: bool
    waits: bool


async def withdraw_due(running: Running) -> None:
    """The loop."""
    await due_work.do_each(running, Kind.WITHDRAWAL, withdraw)


async def withdraw(session: AsyncSession, church_id: UUID, admin_id: UUID) -> None:
    """One step; the work is due again until nothing is found. Somebody who may answer again by now
    keeps what is still theirs."""
    colleague = await team.colleague(session, church_id, admin_id)
    is_gone = colleague is not None and not colleague.may_answer
    ids = await _held_ids(session, church_id, admin_id) if is_gone else []
    if colleague is None or not ids:
        await due_work.drop(session, Kind.WITHDRAWAL, admin_id)
        return
    found = await threads.locked_together(session, church_id, ids)
    waiting = await _mark_replies(session, church_id, admin_id, [each.id for each in found])
    holdings = [
        _Holding(thread, thread.assignee_id == admin_id, thread.id in waiting) for thread in found
    ]
    await _tell(session, church_id, colleague, [each for each in holdings if any(each[1:])])
    await due_work.put(session, Kind.WITHDRAWAL, admin_id, church_id, clock.now())


async def _held_ids(session: AsyncSession, church_id: UUID, admin_id: UUID) -> list[UUID]:
    """ix_conversation_facets_facet, ix_scheduled_replies_author."""
    return await db.values(
        session,
        UUID,
        """
        (SELECT conversation_id FROM conversation_facets
          WHERE church_id = :church AND facet = :facet
          ORDER BY last_message_at DESC, conversation_id DESC LIMIT :most)
         UNION
        (SELECT conversation_id FROM scheduled_replies
          WHERE church_id = :church AND admin_id = :admin AND status = 'waiting'
            AND author_left_at IS NULL
          LIMIT :most)
        """,
        {
            "church": church_id,
            "admin": admin_id,
            "facet": f"assignee:{admin_id}",
            "most": AT_ONCE,
        },
    )


async def _mark_replies(
    session: AsyncSession, church_id: UUID, admin_id: UUID, thread_ids: Collection[UUID]
) -> set[UUID]:
    """The threads with replies of theirs of which nobody was told yet."""
    marked = await db.values(
        session,
        UUID,
        """
        UPDATE scheduled_replies SET author_left_at = :now
         WHERE church_id = :church AND conversation_id = ANY(CAST(:ids AS uuid[]))
           AND admin_id = :admin AND status = 'waiting' AND author_left_at IS NULL
        RETURNING conversation_id
        """,
        {"church": church_id, "admin": admin_id, "ids": list(thread_ids), "now": clock.now()},
    )
    return set(marked)


async def _tell(
    session: AsyncSession, church_id: UUID, colleague: Colleague, holdings: Sequence[_Holding]
) -> None:
    """Take the threads from them, each with a note of nobody that says so."""
    notes = [_explanation(church_id, colleague, each) for each in holdings]
    await db.run(
        session,
        """
        UPDATE conversations SET assignee_id = NULL
         WHERE church_id = :church AND assignee_id = :admin AND id = ANY(CAST(:ids AS uuid[]))
        """,
        {
            "church": church_id,
            "admin": colleague.admin_id,
            "ids": [each.thread.id for each in holdings],
        },
    )
    await db.run(
        session,
        """
        INSERT INTO conversation_messages (id, church_id, conversation_id, direction, content,
                                           status, occurred_at, is_read)
        SELECT id, :church, thread_id, 'note', content, 'noted', :now, true
          FROM unnest(CAST(:ids AS uuid[]), CAST(:threads AS uuid[]), CAST(:contents AS text[]))
               AS given (id, thread_id, content)
        """,
        {
            "church": church_id,
            "now": clock.now(),
            "ids": [note.id for note in notes],
            "threads": [each.thread.id for each in holdings],
            "contents": [note.content for note in notes],
        },
    )
    events = [
        updates.update(each.thread, Reason.ASSIGNED, note, assignee_id=None)
        if each.was_theirs
        else updates.update(each.thread, Reason.NOTED, note)
        for each, note in zip(holdings, notes, strict=True)
    ]
    await updates.publish_all(session, church_id, events)


def _explanation(church_id: UUID, colleague: Colleague, holding: _Holding) -> Message:
    why = "left the team" if colleague.is_removed else "may not answer any more"
    sentences = [f"{colleague.name} {why}."]
    if holding.was_theirs:
        sentences.append("This conversation is assigned to nobody now.")
    if holding.waits:
        sentences.append("What they scheduled here still goes out, unless you cancel it.")
    return Message(
        id=db.uuid7(),
        church_id=church_id,
        direction=Direction.NOTE,
        content=" ".join(sentences),
        media_urls=(),
        status=NOTED,
        occurred_at=clock.now(),
    )
