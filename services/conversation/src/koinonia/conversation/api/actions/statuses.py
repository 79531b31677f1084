"""Reading a thread, and opening, closing or archiving it."""

from uuid import UUID

from fastapi import APIRouter

from koinonia.common.web import SessionDep, StaffOrAbove
from koinonia.conversation.actions import statuses
from koinonia.conversation.actions.schemas import Read, StatusChange
from koinonia.conversation.api.actions import overview
from koinonia.conversation.dependencies import RunningDep
from koinonia.conversation.threads import threads
from koinonia.conversation.viewing.schemas import Overview

router = APIRouter(prefix="/api/conversations", tags=["conversations"])


@router.patch("/{conversation_id}/read", summary="Mark everything in it as read")
async def mark_conversation_read(
    session: SessionDep, admin: StaffOrAbove, conversation_id: UUID
) -> Read:
    """For the church, and as far as who asks has read it."""
    thread = await threads.locked(session, admin.church_id, conversation_id)
    await statuses.mark_read(session, admin, [thread])
    return Read(id=conversation_id)


@router.patch("/{conversation_id}/status", summary="Open, close or archive it")
async def change_conversation_status(
    session: SessionDep,
    admin: StaffOrAbove,
    running: RunningDep,
    conversation_id: UUID,
    change: StatusChange,
) -> Overview:
    """Ends a snooze. The person's next text opens it again."""
    thread = await threads.locked(session, admin.church_id, conversation_id)
    await statuses.change(session, [thread], change.status)
    return await overview.current(session, running, admin, conversation_id)
