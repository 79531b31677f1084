"""``/api/notifications``: what somebody of the team should see, and how they want to be told."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from koinonia.auth.dependencies import RunningDep
from koinonia.auth.notifications import notifications, preferences, unsubscribing
from koinonia.auth.notifications.notifications import Notification
from koinonia.auth.notifications.schemas import (
    NotificationOut,
    NotificationPreferencesChange,
    NotificationPreferencesOut,
    ReadIn,
    UnreadNotificationsOut,
)
from koinonia.common import web
from koinonia.common.schema.json_answers import Json
from koinonia.common.web import TAGGED, CurrentAdmin, Page, PageQuery, ReadDep, SessionDep

router = APIRouter(prefix="/api/notifications", tags=["notifications"])
Unread = Annotated[bool, Query(description="those alone that were not read")]
UnsubscribeToken = Annotated[str, Query(max_length=200, description="as the mail has it")]

_PLAIN = web.by_names(NotificationOut)


@router.get(
    "",
    summary="One's own notifications, the newest first",
    dependencies=TAGGED,
    response_model=Page[NotificationOut],
)
async def list_notifications(
    read: ReadDep, admin: CurrentAdmin, params: PageQuery, unread: Unread = False
) -> Response:
    """They are kept for 90 days. `details` holds what the kind has, and null otherwise."""
    found = await notifications.page(read, admin.admin_id, params, unread=unread)
    return web.json_page(found, _notification)


@router.get("/unread", summary="How many were not read", dependencies=TAGGED)
async def count_unread(read: ReadDep, admin: CurrentAdmin) -> UnreadNotificationsOut:
    return UnreadNotificationsOut(unread=await notifications.unread(read, admin.admin_id))


@router.post("/read", status_code=204, summary="Mark notifications as read")
async def mark_read(session: SessionDep, admin: CurrentAdmin, body: ReadIn) -> Response:
    """What was read is not mailed any more."""
    await notifications.mark_read(session, admin.church_id, admin.admin_id, body.ids)
    return Response(status_code=204)


@router.get("/preferences", summary="How one wants to be told", dependencies=TAGGED)
async def read_preferences(read: ReadDep, admin: CurrentAdmin) -> NotificationPreferencesOut:
    return NotificationPreferencesOut.shown(await preferences.own(read, admin.admin_id))


@router.patch("/preferences", summary="Change how one wants to be told")
async def change_preferences(
    session: SessionDep, admin: CurrentAdmin, body: NotificationPreferencesChange
) -> NotificationPreferencesOut:
    church_id, admin_id = admin.church_id, admin.admin_id
    await preferences.change_hours(session, church_id, admin_id, body.hours())
    if body.kinds:
        await preferences.choose(session, church_id, admin_id, body.choices())
    return NotificationPreferencesOut.shown(await preferences.own(session, admin_id))


@router.post(
    "/unsubscribe", status_code=204, summary="Have no more notifications mailed, by a mailed link"
)
async def unsubscribe(running: RunningDep, token: UnsubscribeToken) -> Response:
    """Takes no session: a mail program may call it (RFC 8058). Mail that keeps an account safe
    goes on."""
    await unsubscribing.stop_mail(running, token)
    return Response(status_code=204)


def _notification(row: Notification) -> Json:
    return {**_PLAIN(row), "details": notifications.Details.model_validate(row.details)}
