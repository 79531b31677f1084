"""``/api/conversations/{id}/presence``: who is answering."""

from uuid import UUID

from fastapi import APIRouter, Response

from koinonia.common.web import SessionDep, StaffOrAbove
from koinonia.conversation.dependencies import RunningDep
from koinonia.conversation.presence import presence
from koinonia.conversation.presence.schemas import Presence

router = APIRouter(prefix="/api/conversations/{conversation_id}/presence", tags=["conversations"])


@router.put("", summary="Say that one is answering, for 30 seconds")
async def begin_answering(
    session: SessionDep, admin: StaffOrAbove, running: RunningDep, conversation_id: UUID
) -> Presence:
    """Colleagues see it in the conversation and on the stream (`presence.changed`). Say it again
    every 15 seconds or so while an answer is written. It ends with a reply, with DELETE, by itself,
    and when one answers five others."""
    until = await presence.begin(running, session, admin, conversation_id)
    return Presence(expires_at=until)


@router.delete("", status_code=204, summary="Say that one does not answer any more")
async def end_answering(
    session: SessionDep, admin: StaffOrAbove, running: RunningDep, conversation_id: UUID
) -> Response:
    """It may have ended already."""
    await presence.give_up(running, session, admin, conversation_id)
    return Response(status_code=204)
