"""Whose a thread is."""

from uuid import UUID

from fastapi import APIRouter

from koinonia.common.web import SessionDep, StaffOrAbove
from koinonia.conversation.actions import assignment
from koinonia.conversation.actions.schemas import Assignment
from koinonia.conversation.api.actions import overview
from koinonia.conversation.dependencies import RunningDep
from koinonia.conversation.threads import threads
from koinonia.conversation.viewing.schemas import Overview

router = APIRouter(prefix="/api/conversations", tags=["conversations"])


@router.patch("/{conversation_id}/assign", summary="Give it to somebody of the team")
async def assign_conversation(
    session: SessionDep,
    admin: StaffOrAbove,
    running: RunningDep,
    conversation_id: UUID,
    given: Assignment,
) -> Overview:
    """Who it is given to is told, unless it is oneself."""
    await assignment.check(session, admin, given.admin_id)
    thread = await threads.locked(session, admin.church_id, conversation_id)
    await assignment.assign(session, admin, [thread], given.admin_id)
    return await overview.current(session, running, admin, conversation_id)
