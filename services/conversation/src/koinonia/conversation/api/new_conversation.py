"""``POST /api/conversations``: staff text a person first."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from koinonia.common import identity, phone
from koinonia.common.web import CreatingRoute, IdempotencyKey, SessionDep, StaffOrAbove
from koinonia.conversation.actions import new_thread
from koinonia.conversation.actions.errors import NoSuchMember
from koinonia.conversation.actions.new_thread import Standing
from koinonia.conversation.actions.new_thread_schemas import (
    BegunConversation,
    Consent,
    ConversationIn,
)
from koinonia.conversation.dependencies import RunningDep
from koinonia.conversation.replies import outgoing_lines
from koinonia.conversation.replies.recipients import Target
from koinonia.conversation.replies.schemas import Reply
from koinonia.conversation.viewing import schemas, thread_queries

router = APIRouter(prefix="/api/conversations", tags=["conversations"], route_class=CreatingRoute)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for, and what messaging knows of the phone; None where there is no such
    member."""

    given: ConversationIn
    standing: Standing | None


async def wish(
    request: Request, admin: StaffOrAbove, running: RunningDep, given: ConversationIn
) -> Wish:
    """Before the session: no transaction waits for messaging."""
    if given.text is not None:
        outgoing_lines.check(given.text, ())
    number = None if given.phone is None else phone.parse(given.phone)
    token = identity.bearer(request.headers.get("authorization"))
    found = await running.messaging.consent(token, phone=number, member_id=given.member_id)
    return Wish(given, Consent.model_validate(found).standing() if found else None)


@router.post(
    "",
    status_code=201,
    summary="Begin a conversation with a member or a phone",
    responses={200: {"model": BegunConversation, "description": "It was there already"}},
)
async def begin_conversation(
    wanted: Annotated[Wish, Depends(wish)],
    session: SessionDep,
    running: RunningDep,
    admin: StaffOrAbove,
    response: Response,
    idempotency_key: IdempotencyKey,
) -> BegunConversation:
    """With `text` the person is texted, if they agreed to it or have texted you; else there is only
    an empty conversation. 200 where it was there already."""
    if wanted.standing is None:
        raise NoSuchMember
    phones, given = running.phones, wanted.given
    begun = await new_thread.begin(
        session, admin, phones, wanted.standing, given.from_number_id, given.text
    )
    thread = begun.thread
    if not thread.is_new:
        response.status_code = 200
    view = await thread_queries.thread(session, admin, thread.id)
    line = begun.line
    reply = Reply.accepted(Target(thread, thread.is_new), line, phones) if line else None
    return BegunConversation.model_validate(
        {**schemas.overview(view, admin, phones), "is_new": thread.is_new, "reply": reply}
    )
