"""Merge two threads: somebody changed phone, or texts two of our numbers.

A later text from the phone of the gone thread begins a new thread.
"""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db
from koinonia.common.identity import Identity
from koinonia.conversation import due_work
from koinonia.conversation.errors import MergedWithItself
from koinonia.conversation.threads import read_marks, threads, unread_threads, updates
from koinonia.conversation.threads.threads import Thread
from koinonia.conversation.threads.vocabulary import Reason

MERGED = "merged"  # the status of the gone thread in its last update

# What belongs to the gone thread moves, unless the survivor has the same.
MOVES = (
    """
    UPDATE conversation_messages SET conversation_id = :into
     WHERE church_id = :church AND conversation_id = :gone
    """,
    """
    INSERT INTO conversation_labels (church_id, conversation_id, label_id)
    SELECT church_id, :into, label_id FROM conversation_labels
     WHERE church_id = :church AND conversation_id = :gone
    ON CONFLICT DO NOTHING
    """,
    """
    UPDATE scheduled_replies SET conversation_id = :into
     WHERE church_id = :church AND conversation_id = :gone
    """,
    """
    INSERT INTO automatic_answers (church_id, conversation_id, once, message_id, answered_at)
    SELECT church_id, :into, once, message_id, answered_at FROM automatic_answers
     WHERE church_id = :church AND conversation_id = :gone
    ON CONFLICT DO NOTHING
    """,
    """
    UPDATE merged_conversations SET into_id = :into WHERE church_id = :church AND into_id = :gone
    """,
    """
    INSERT INTO merged_conversations (church_id, conversation_id, into_id, merged_at, merged_by)
    VALUES (:church, :gone, :into, :at, :admin)
    """,
)

# Unread texts that move open the survivor: nothing unread hides in an archive.
SUMMARISE = f"""
    UPDATE conversations AS c
       SET last_message_at = coalesce(m.occurred_at, c.last_message_at),
           last_message_id = coalesce(m.id, c.last_message_id),
           last_message_direction = coalesce(m.direction, c.last_message_direction),
           last_message_content = coalesce(m.content, ''),
           last_message_status = coalesce(m.status, c.last_message_status),
           last_message_media_kind = m.media_kind,
           last_message_media_count = coalesce(m.media_count, 0), unread_count = u.unread,
           assignee_id = coalesce(c.assignee_id, :assignee),
           status = CASE WHEN :opens THEN 'open' ELSE c.status END,
           snoozed_until = CASE WHEN :opens THEN NULL ELSE c.snoozed_until END
      FROM (SELECT count(*) AS unread FROM conversation_messages
             WHERE church_id = :church AND conversation_id = :into AND NOT is_read) AS u
      LEFT JOIN (SELECT * FROM conversation_messages
                  WHERE church_id = :church AND conversation_id = :into AND direction <> 'note'
                  ORDER BY occurred_at DESC, id DESC LIMIT 1) AS m ON true
     WHERE c.church_id = :church AND c.id = :into
    RETURNING {", ".join(f"c.{column.strip()}" for column in threads.COLUMNS.split(","))}
"""


async def merge(session: AsyncSession, admin: Identity, into_id: UUID, gone_id: UUID) -> None:
    """Everything of ``gone_id`` moves into ``into_id``; a second call changes nothing."""
    if into_id == gone_id:
        raise MergedWithItself
    await _lock_labels(session, admin.church_id, gone_id)
    found = await threads.locked_together(session, admin.church_id, [into_id, gone_id])
    known = {thread.id: thread for thread in found}
    if into_id not in known:
        raise await threads.missing(session, admin.church_id, into_id)
    if gone_id not in known:
        why = await threads.missing(session, admin.church_id, gone_id)
        if why.details == {"id": str(into_id)}:
            return
        raise why
    await _move(session, admin, known[into_id], known[gone_id])


async def _move(session: AsyncSession, admin: Identity, into: Thread, gone: Thread) -> None:
    given = {
        "church": admin.church_id,
        "into": into.id,
        "gone": gone.id,
        "at": clock.now(),
        "admin": admin.admin_id,
    }
    await read_marks.merge(session, admin.church_id, into.id, gone.id)
    await unread_threads.keep_merged(session, admin.church_id, into.id)
    for statement in MOVES:
        used = {name: value for name, value in given.items() if f":{name}" in statement}
        await db.run(session, statement, used)
    await threads.remove(session, gone)
    opens = gone.unread_count > 0
    now = await db.first(
        session,
        Thread,
        SUMMARISE,
        {
            "church": admin.church_id,
            "into": into.id,
            "assignee": gone.assignee_id,
            "opens": opens,
        },
    )
    assert now is not None
    snoozed = [each.id for each in (into, gone) if each.snoozed_until is not None]
    if not opens and into.id in snoozed:
        snoozed.remove(into.id)
    await due_work.drop(session, due_work.Kind.SNOOZE, *snoozed)
    await updates.publish_all(
        session,
        admin.church_id,
        [
            updates.update(
                gone, Reason.MERGED, merged_into_id=into.id, status=MERGED, unread_count=0
            ),
            updates.update(
                into,
                Reason.MERGED,
                status=now.status,
                unread_count=now.unread_count,
                last_message_at=now.last_message_at,
                assignee_id=now.assignee_id,
            ),
            updates.begun(into, gone.phone_index),
        ],
    )


async def _lock_labels(session: AsyncSession, church_id: UUID, thread_id: UUID) -> None:
    """Labels are locked before threads."""
    await db.values(
        session,
        UUID,
        """
        SELECT id FROM labels
         WHERE church_id = :church AND id IN (SELECT label_id FROM conversation_labels
                                               WHERE church_id = :church AND conversation_id = :id)
         ORDER BY id FOR KEY SHARE
        """,
        {"church": church_id, "id": thread_id},
    )
