"""Who it is that texts."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header

from koinonia.common.web import SessionDep, StaffOrAbove
from koinonia.conversation import threads
from koinonia.conversation.dependencies import RunningDep
from koinonia.conversation.viewing.schemas import Overview
from koinonia.conversation.working import pinning
from koinonia.conversation.working.api import showing
from koinonia.conversation.working.schemas import NewMember, Pin, RequestedMember

router = APIRouter(prefix="/api/conversations/{conversation_id}/member", tags=["conversations"])

IdempotencyKey = Annotated[
    str | None,
    Header(alias="Idempotency-Key", description="the same key with the same names acts once"),
]


@router.put("", summary="Say which of those known on the phone it is")
async def pin_member(
    session: SessionDep,
    admin: StaffOrAbove,
    running: RunningDep,
    conversation_id: UUID,
    given: Pin,
) -> Overview:
    """With null it is the first by name again."""
    thread = await threads.locked(session, admin.church_id, conversation_id)
    await pinning.pin(session, thread, given.member_id)
    return await showing.conversation(session, running, admin, conversation_id)


@router.post("", status_code=202, summary="Make a member of who texts")
async def request_member(
    session: SessionDep,
    admin: StaffOrAbove,
    conversation_id: UUID,
    given: NewMember,
    idempotency_key: IdempotencyKey = None,
) -> RequestedMember:
    """The member exists a moment later, under the id in the answer. Groups that the church does
    not have are passed over."""
    member_id = await pinning.request(
        session,
        admin,
        conversation_id,
        given.first_name,
        given.last_name,
        given.group_ids,
        idempotency_key,
    )
    return RequestedMember(member_id=member_id)
