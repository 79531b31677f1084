"""``/api/canned-replies``."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from koinonia.common.web import (
    TAGGED,
    CreatingRoute,
    CurrentAdmin,
    IdempotencyKey,
    Page,
    PageQuery,
    ReadDep,
    SessionDep,
    StaffOrAbove,
    by_names,
    json_page,
    kept,
)
from koinonia.conversation import kept_tables
from koinonia.conversation.replies import canned_replies
from koinonia.conversation.replies.schemas import CannedReply, CannedReplyChange, CannedReplyIn

router = APIRouter(prefix="/api/canned-replies", tags=["canned replies"], route_class=CreatingRoute)

Beginning = Annotated[
    str,
    Query(alias="q", pattern=r"^[A-Za-z0-9_-]{0,32}$", description="how the shortcut begins"),
]

_CANNED_REPLY = by_names(CannedReply)


@router.get(
    "",
    summary="The canned replies, by shortcut",
    dependencies=kept(tables=kept_tables.CANNED_REPLIES),
    response_model=Page[CannedReply],
)
async def list_canned_replies(
    read: ReadDep, admin: CurrentAdmin, params: PageQuery, beginning: Beginning = ""
) -> Response:
    page = await canned_replies.page(read, admin.church_id, params, beginning)
    return json_page(page, _CANNED_REPLY)


@router.post("", status_code=201, summary="Keep a reply under a shortcut")
async def create_canned_reply(
    session: SessionDep, admin: StaffOrAbove, body: CannedReplyIn, idempotency_key: IdempotencyKey
) -> CannedReply:
    reply = await canned_replies.create(session, admin.church_id, body.shortcut, body.content)
    return CannedReply.model_validate(reply)


@router.get("/{canned_reply_id}", summary="One canned reply", dependencies=TAGGED)
async def read_canned_reply(
    read: ReadDep, admin: CurrentAdmin, canned_reply_id: UUID
) -> CannedReply:
    reply = await canned_replies.by_id(read, admin.church_id, canned_reply_id)
    return CannedReply.model_validate(reply)


@router.patch("/{canned_reply_id}", summary="Change a canned reply")
async def change_canned_reply(
    session: SessionDep, admin: StaffOrAbove, canned_reply_id: UUID, body: CannedReplyChange
) -> CannedReply:
    reply = await canned_replies.change(
        session,
        admin.church_id,
        canned_reply_id,
        shortcut=body.shortcut,
        content=body.content,
    )
    return CannedReply.model_validate(reply)


@router.delete("/{canned_reply_id}", status_code=204, summary="Remove a canned reply")
async def remove_canned_reply(
    session: SessionDep, admin: StaffOrAbove, canned_reply_id: UUID
) -> Response:
    """What was sent with it stays as it was."""
    await canned_replies.remove(session, admin.church_id, canned_reply_id)
    return Response(status_code=204)
