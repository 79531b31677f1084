"""Threads that rest."""

from uuid import UUID

from fastapi import APIRouter

from koinonia.common.web import SessionDep, StaffOrAbove
from koinonia.conversation.actions import snoozes
from koinonia.conversation.actions.schemas import Snooze
from koinonia.conversation.api.actions import overview
from koinonia.conversation.dependencies import RunningDep
from koinonia.conversation.threads import threads
from koinonia.conversation.viewing.schemas import Overview

router = APIRouter(prefix="/api/conversations/{conversation_id}/snooze", tags=["conversations"])


@router.post("", summary="Put it aside until a time")
async def snooze_conversation(
    session: SessionDep,
    admin: StaffOrAbove,
    running: RunningDep,
    conversation_id: UUID,
    given: Snooze,
) -> Overview:
    """It opens again at that time, or with the person's next text."""
    thread = await threads.locked(session, admin.church_id, conversation_id)
    snoozes.check(given.until)
    await snoozes.snooze(session, [thread], given.until)
    return await overview.current(session, running, admin, conversation_id)


@router.delete("", summary="Open it again before its time")
async def end_snooze(
    session: SessionDep, admin: StaffOrAbove, running: RunningDep, conversation_id: UUID
) -> Overview:
    thread = await threads.locked(session, admin.church_id, conversation_id)
    await snoozes.end(session, thread)
    return await overview.current(session, running, admin, conversation_id)
