"""Routes under ``/api/messages``."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from koinonia.common import db
from koinonia.common.events.messaging import DeliveryStatus
from koinonia.common.pagination import Page
from koinonia.common.schema import Instant
from koinonia.common.web import (
    TAGGED,
    ActionDep,
    CreatingRoute,
    CurrentAdmin,
    IdempotencyKey,
    PageQuery,
    ReadDep,
    SessionDep,
    StaffOrAbove,
    json_page,
    kept,
)
from koinonia.common.words import word_query
from koinonia.messaging import audited, kept_tables
from koinonia.messaging.broadcasts.controls import cancellation, pauses, undo_time
from koinonia.messaging.broadcasts.sending import quiet_gate
from koinonia.messaging.broadcasts.views import finish_estimate, message_views
from koinonia.messaging.broadcasts.views.received_views import ReceivedItem
from koinonia.messaging.composing import template_text
from koinonia.messaging.dependencies import RunningDep
from koinonia.messaging.messages import broadcast_search, queries, received_broadcasts
from koinonia.messaging.messages.broadcast_filter import BroadcastFilter
from koinonia.messaging.messages.schemas import (
    Accepted,
    FailureList,
    ListedMessage,
    MessageDetail,
    RecipientItem,
    SendRequest,
)
from koinonia.messaging.people.consent import staff_entries
from koinonia.messaging.running import Running
from koinonia.messaging.schedules import sending
from koinonia.messaging.vocabulary import MessageStatus, ResponseKind

OfStatus = Annotated[
    tuple[MessageStatus, ...], Query(max_length=len(MessageStatus), description="Any of these.")
]
Since = Annotated[Instant | None, Query(alias="createdSince")]
IncludeTests = Annotated[
    bool, Query(alias="includeTests", description="Show test texts among them.")
]
Before = Annotated[Instant | None, Query(alias="createdBefore")]
Search = Annotated[
    str | None,
    Query(
        min_length=1,
        max_length=word_query.LONGEST,
        description=f"{word_query.DESCRIPTION}. The last word may be unfinished.",
        examples=["picnic sun", '"youth choir" -cancelled'],
    ),
]

router = APIRouter(prefix="/api/messages", tags=["messages"], route_class=CreatingRoute)


@router.post("/send", status_code=202)
async def send_message(
    request: SendRequest,
    session: SessionDep,
    running: RunningDep,
    admin: StaffOrAbove,
    action: ActionDep,
    idempotency_key: IdempotencyKey,
) -> Accepted:
    """Text a target, now or later. ``kind`` says what became of it: a ``message`` now, or a
    ``schedule`` where the request names a time."""
    accepted = await sending.accept(session, admin, request, running.phones)
    audited.describe_sending(action, accepted)
    return accepted


@router.get(
    "",
    dependencies=kept(tables=kept_tables.MESSAGES),
    response_model=Page[ListedMessage],
)
async def list_messages(
    read: ReadDep,
    admin: CurrentAdmin,
    params: PageQuery,
    status: OfStatus = (),
    created_since: Since = None,
    created_before: Before = None,
    search: Search = None,
    include_tests: IncludeTests = False,
) -> Response:
    """The church's broadcasts, latest first. `search` reads words as
    `GET /api/conversations/search` does. Of its numbered pages ``total`` counts up to 10,000."""
    wanted = BroadcastFilter(status, created_since, created_before, include_tests)
    if search is not None:
        found = await broadcast_search.page(read, admin.church_id, search, params, wanted)
        return json_page(found.page, lambda row: message_views.item(row, found.spans[row.id]))
    page = await queries.broadcasts(read, admin.church_id, params, wanted)
    return json_page(page, message_views.item)


@router.get("/received", dependencies=TAGGED, response_model=Page[ReceivedItem])
async def list_received(
    read: ReadDep,
    admin: CurrentAdmin,
    running: RunningDep,
    params: PageQuery,
    phone: Annotated[str | None, Query(max_length=50)] = None,
    member_id: Annotated[UUID | None, Query(alias="memberId")] = None,
) -> Response:
    """The broadcasts that one phone was sent, or the phone of a member; latest first."""
    chosen = await staff_entries.chosen_phone(
        read, admin.church_id, phone, member_id, running.phones
    )
    page = await received_broadcasts.page(read, admin.church_id, chosen.phone_index, params)
    return json_page(page, ReceivedItem.from_row)


@router.get("/{message_id}", dependencies=TAGGED)
async def read_message(message_id: UUID, read: ReadDep, running: RunningDep) -> MessageDetail:
    """One message with its counts by status, and when it will have been sent."""
    return await _detail(read, running, message_id)


@router.post("/{message_id}/pause")
async def pause_message(
    message_id: UUID, session: SessionDep, running: RunningDep, admin: StaffOrAbove
) -> MessageDetail:
    """Hold what is left to send; texts that are just being sent go out."""
    await pauses.pause(session, message_id)
    return await _detail(session, running, message_id)


@router.post("/{message_id}/resume")
async def resume_message(
    message_id: UUID,
    session: SessionDep,
    running: RunningDep,
    admin: StaffOrAbove,
    others: bool = False,
) -> MessageDetail:
    """Send what is left. With ``others=true`` also of the other messages that were paused for the
    same reason, unless staff paused them."""
    await pauses.resume(session, admin.church_id, message_id, others=others)
    return await _detail(session, running, message_id)


@router.post("/{message_id}/send-now")
async def send_message_now(
    message_id: UUID, session: SessionDep, running: RunningDep, admin: StaffOrAbove
) -> MessageDetail:
    """End the seconds in which the message can be undone (`undoSeconds`). Of one that left already
    nothing changes."""
    await undo_time.end(session, message_id)
    return await _detail(session, running, message_id)


@router.post("/{message_id}/cancel")
async def cancel_message(
    message_id: UUID, session: SessionDep, running: RunningDep, admin: StaffOrAbove
) -> MessageDetail:
    """Send nothing more. Texts that are just being sent go out; the others are skipped."""
    await cancellation.cancel(session, admin.church_id, message_id)
    return await _detail(session, running, message_id)


@router.get("/{message_id}/recipients", response_model=Page[RecipientItem])
async def list_recipients(
    message_id: UUID,
    read: ReadDep,
    running: RunningDep,
    params: PageQuery,
    status: DeliveryStatus | None = None,
    response: ResponseKind | None = None,
) -> Response:
    """What became of the message phone by phone, and what each was told. ``response``: only those
    that texted back."""
    message = await queries.message(read, message_id)
    template = template_text.accepted(message.content, message.merge_fields)

    def shown(each: queries.Recipient) -> RecipientItem:
        return message_views.recipient(each, running.phones, template)

    if response is not None:
        answered = await queries.responding(read, message_id, params, response, status)
        return json_page(answered, shown)
    total = message.phones(status)
    counted = total if params.page else None
    page: Page[queries.Recipient] = (
        await queries.recipients(read, message_id, params, status, counted)
        if total
        else Page(data=[], has_more=False, total=counted)
    )
    return json_page(page, shown)


@router.get("/{message_id}/failures")
async def list_failures(message_id: UUID, read: ReadDep) -> FailureList:
    """Why texts of the message did not arrive, or are not known to have: how many of each status,
    by reason, most first."""
    message = await queries.message(read, message_id)
    return message_views.failures(await queries.failed_texts(read, message.id))


async def _detail(session: db.Session, running: Running, message_id: UUID) -> MessageDetail:
    message = await queries.message(session, message_id)
    finishes_at = await finish_estimate.finishes_at(session, running.settings, message)
    return message_views.detail(message, finishes_at, await quiet_gate.held(session, message_id))
