"""Whom a thread is assigned to."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db, outbox
from koinonia.common.events.conversation import StaffNotified
from koinonia.common.identity import Identity
from koinonia.conversation.projections import team
from koinonia.conversation.threads import updates
from koinonia.conversation.threads.threads import Thread
from koinonia.conversation.threads.vocabulary import Notice, Reason


async def check(session: AsyncSession, admin: Identity, assignee_id: UUID | None) -> None:
    """Before the threads are locked. Raises ``NoSuchAdmin`` and ``MayNotAnswer``."""
    if assignee_id is not None:
        await team.check_may_answer(
            session, admin.church_id, assignee_id, is_asking=assignee_id == admin.admin_id
        )


async def assign(
    session: AsyncSession, admin: Identity, found: Sequence[Thread], assignee_id: UUID | None
) -> list[Thread]:
    """Assign them to somebody, or to nobody. Returns those that changed, as they are now."""
    changing = [thread for thread in found if thread.assignee_id != assignee_id]
    if not changing:
        return []
    await db.run(
        session,
        """
        UPDATE conversations SET assignee_id = :assignee
         WHERE church_id = :church AND id = ANY(CAST(:ids AS uuid[]))
        """,
        {
            "church": admin.church_id,
            "ids": [thread.id for thread in changing],
            "assignee": assignee_id,
        },
    )
    await updates.publish_each(session, changing, Reason.ASSIGNED, assignee_id=assignee_id)
    if assignee_id not in (None, admin.admin_id):
        await outbox.add(
            session,
            *(
                StaffNotified(
                    church_id=admin.church_id,
                    admin_ids=(assignee_id,),
                    conversation_id=thread.id,
                    reason=Notice.ASSIGNED,
                    by=admin.admin_id,
                )
                for thread in changing
            ),
        )
    return [replace(thread, assignee_id=assignee_id) for thread in changing]
