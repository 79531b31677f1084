"""Notes among staff."""

from uuid import UUID

from fastapi import APIRouter, Response

from koinonia.common.web import CreatingRoute, IdempotencyKey, SessionDep, StaffOrAbove
from koinonia.conversation.actions import notes
from koinonia.conversation.actions.schemas import NoteChange, NoteIn
from koinonia.conversation.dependencies import RunningDep
from koinonia.conversation.viewing import thread_queries
from koinonia.conversation.viewing.schemas import Message

router = APIRouter(
    prefix="/api/conversations/{conversation_id}/notes",
    tags=["conversations"],
    route_class=CreatingRoute,
)


@router.post("", status_code=201, summary="Write a note that only the team sees")
async def write_note(
    session: SessionDep,
    admin: StaffOrAbove,
    running: RunningDep,
    conversation_id: UUID,
    given: NoteIn,
    idempotency_key: IdempotencyKey,
) -> Message:
    """Whom it mentions is told."""
    note_id = await notes.write(session, admin, conversation_id, given.content, given.mentions)
    line = await thread_queries.written_note(session, admin.church_id, conversation_id, note_id)
    return Message.from_line(line, running, admin.church_id)


@router.patch("/{note_id}", summary="Write a note anew")
async def rewrite_note(
    session: SessionDep,
    admin: StaffOrAbove,
    running: RunningDep,
    conversation_id: UUID,
    note_id: UUID,
    given: NoteChange,
) -> Message:
    """By who wrote it, or by an admin. Whom it mentions newly is told."""
    await notes.rewrite(session, admin, conversation_id, note_id, given.content, given.mentions)
    line = await thread_queries.written_note(session, admin.church_id, conversation_id, note_id)
    return Message.from_line(line, running, admin.church_id)


@router.delete("/{note_id}", status_code=204, summary="Take a note away")
async def remove_note(
    session: SessionDep, admin: StaffOrAbove, conversation_id: UUID, note_id: UUID
) -> Response:
    """By who wrote it, or by an admin."""
    await notes.remove(session, admin, conversation_id, note_id)
    return Response(status_code=204)
