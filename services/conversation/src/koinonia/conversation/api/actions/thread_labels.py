"""The labels of a thread."""

from uuid import UUID

from fastapi import APIRouter

from koinonia.common.web import SessionDep, StaffOrAbove
from koinonia.conversation.actions import labels, thread_labels
from koinonia.conversation.actions.schemas import Labels
from koinonia.conversation.api.actions import overview
from koinonia.conversation.dependencies import RunningDep
from koinonia.conversation.threads import threads
from koinonia.conversation.viewing.schemas import Overview

router = APIRouter(prefix="/api/conversations", tags=["conversations"])


@router.put("/{conversation_id}/labels", summary="Give it these labels and no others")
async def label_conversation(
    session: SessionDep,
    admin: StaffOrAbove,
    running: RunningDep,
    conversation_id: UUID,
    given: Labels,
) -> Overview:
    await labels.check(session, admin.church_id, given.label_ids)
    thread = await threads.locked(session, admin.church_id, conversation_id)
    await thread_labels.replace(session, thread, given.label_ids)
    return await overview.current(session, running, admin, conversation_id)
