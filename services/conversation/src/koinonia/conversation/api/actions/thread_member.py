"""Who it is that texts."""

from uuid import UUID

from fastapi import APIRouter

from koinonia.common.web import CreatingRoute, IdempotencyKey, SessionDep, StaffOrAbove
from koinonia.conversation.actions import thread_member
from koinonia.conversation.actions.schemas import NewMember, Pin, RequestedMember
from koinonia.conversation.api.actions import overview
from koinonia.conversation.dependencies import RunningDep
from koinonia.conversation.threads import threads
from koinonia.conversation.viewing.schemas import Overview

router = APIRouter(
    prefix="/api/conversations/{conversation_id}/member",
    tags=["conversations"],
    route_class=CreatingRoute,
)


@router.put("", summary="Say which of those known on the phone it is")
async def pin_member(
    session: SessionDep, admin: StaffOrAbove, running: RunningDep, conversation_id: UUID, given: Pin
) -> Overview:
    """With null it is the first by name again."""
    thread = await threads.locked(session, admin.church_id, conversation_id)
    await thread_member.pin(session, thread, given.member_id)
    return await overview.current(session, running, admin, conversation_id)


@router.post("", status_code=202, summary="Make a member of who texts")
async def request_member(
    session: SessionDep,
    admin: StaffOrAbove,
    conversation_id: UUID,
    given: NewMember,
    idempotency_key: IdempotencyKey,
) -> RequestedMember:
    """The member exists a moment later, under the id in the answer. Groups that the church does
    not have are passed over."""
    member_id = await thread_member.request(
        session,
        admin,
        conversation_id,
        given.first_name,
        given.last_name,
        given.group_ids,
    )
    return RequestedMember(member_id=member_id)
