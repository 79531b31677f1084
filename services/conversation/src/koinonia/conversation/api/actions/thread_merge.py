"""Two threads made one."""

from uuid import UUID

from fastapi import APIRouter

from koinonia.common.web import SessionDep, StaffOrAbove
from koinonia.conversation.actions import thread_merge
from koinonia.conversation.actions.schemas import Merge
from koinonia.conversation.api.actions import overview
from koinonia.conversation.dependencies import RunningDep
from koinonia.conversation.viewing.schemas import Overview

router = APIRouter(prefix="/api/conversations", tags=["conversations"])


@router.post("/{conversation_id}/merge", summary="Take another conversation into this one")
async def merge_conversations(
    session: SessionDep,
    admin: StaffOrAbove,
    running: RunningDep,
    conversation_id: UUID,
    given: Merge,
) -> Overview:
    """For a person who changed phone. The other one's messages, notes, labels and waiting replies
    move here, and its id leads here from now on. A later text from its phone begins a new
    conversation. What was unread there opens this one."""
    await thread_merge.merge(session, admin, conversation_id, given.from_id)
    return await overview.current(session, running, admin, conversation_id)
