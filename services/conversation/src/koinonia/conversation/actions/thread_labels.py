"""The labels of a thread."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.conversation.threads import updates
from koinonia.conversation.threads.threads import Thread
from koinonia.conversation.threads.vocabulary import Reason


async def replace(session: AsyncSession, thread: Thread, label_ids: Collection[UUID]) -> None:
    """Give it these labels and no others."""
    found = await db.values(
        session,
        UUID,
        """
        SELECT label_id FROM conversation_labels
         WHERE church_id = :church AND conversation_id = :id
        """,
        {"church": thread.church_id, "id": thread.id},
    )
    given, present = set(label_ids), set(found)
    await change(session, [thread], add=given - present, remove=present - given)


async def change(
    session: AsyncSession,
    found: Sequence[Thread],
    *,
    add: Collection[UUID],
    remove: Collection[UUID],
) -> list[Thread]:
    """Returns those that changed. Call ``labels.check`` first for labels to add."""
    if not found or not (add or remove):
        return []
    touched = await db.values(
        session,
        UUID,
        """
        WITH gone AS (
            DELETE FROM conversation_labels
             WHERE church_id = :church AND conversation_id = ANY(CAST(:ids AS uuid[]))
               AND label_id = ANY(CAST(:remove AS uuid[]))
            RETURNING conversation_id
        ), come AS (
            INSERT INTO conversation_labels (church_id, conversation_id, label_id)
            SELECT :church, thread_id, label_id
              FROM unnest(CAST(:ids AS uuid[])) AS given (thread_id)
             CROSS JOIN unnest(CAST(:add AS uuid[])) AS added (label_id)
             ORDER BY thread_id, label_id
            ON CONFLICT DO NOTHING
            RETURNING conversation_id
        )
        SELECT conversation_id FROM gone UNION SELECT conversation_id FROM come
        """,
        {
            "church": found[0].church_id,
            "ids": [thread.id for thread in found],
            "add": list(add),
            "remove": list(remove),
        },
    )
    ids = set(touched)
    changed = [thread for thread in found if thread.id in ids]
    await updates.publish_each(session, changed, Reason.LABELLED)
    return changed
