"""Notifications that are mailed: all that are due for a person go in one mail.

What was read in the app meanwhile is left out. The mail is a row (``mails``) of the transaction
that takes the notifications off the list of what is due, so each is mailed once.
"""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.auth import accounts
from koinonia.auth.mailing import kinds, mails
from koinonia.auth.mailing.mails import Recipient
from koinonia.auth.notifications import unsubscribing
from koinonia.auth.notifications.notifications import SHOWN, Details, Notification
from koinonia.auth.running import Running
from koinonia.common import clock, db

PEOPLE_AT_ONCE = 50
MOST_SHOWN = 20  # in one mail
PAGE = "notifications"


class _Due(NamedTuple):
    church_id: UUID
    admin_id: UUID
    ids: list[UUID]


async def mail_due(running: Running) -> int:
    """Have everything mailed that is due; returns to how many people."""
    people = 0
    while due := await _mail_some(running):
        people += due
    return people


async def _mail_some(running: Running) -> int:
    async with running.database.transaction() as session:
        found = await db.rows(
            session,
            _Due,
            """
            WITH due AS (
                SELECT notification_id FROM notification_dispatches
                 WHERE channel = 'mail' AND due_at <= :now
                 ORDER BY due_at LIMIT :most FOR UPDATE SKIP LOCKED
            ), taken AS (
                DELETE FROM notification_dispatches d USING due
                 WHERE d.notification_id = due.notification_id AND d.channel = 'mail'
                RETURNING d.church_id, d.admin_id, d.notification_id
            )
            SELECT church_id, admin_id, array_agg(notification_id) AS ids FROM taken
             GROUP BY church_id, admin_id
            """,
            {"now": clock.now(), "most": PEOPLE_AT_ONCE * MOST_SHOWN},
        )
        for each in found:
            await db.enter_church(session, each.church_id)
            await _mail(session, running, each)
    return len(found)


async def _mail(session: AsyncSession, running: Running, due: _Due) -> None:
    account = await accounts.by_id(session, due.admin_id)
    if account is None or account.disabled_at:
        return
    unread = await db.rows(
        session,
        Notification,
        f"{SHOWN} WHERE n.id = ANY(CAST(:ids AS uuid[])) AND n.read_at IS NULL ORDER BY n.id DESC",
        {"ids": due.ids},
    )
    if not unread:
        return
    to = Recipient(
        church_id=due.church_id, admin_id=due.admin_id, address=account.email, name=account.name
    )
    public_url = running.settings.public_url
    values = {
        "church": account.church_name,
        "link": f"{public_url}/{PAGE}",
        "preferences": f"{public_url}/settings/notifications",
        "unsubscribe": f"{public_url}/api/notifications/unsubscribe?token="
        + unsubscribing.token(running.macs, due.church_id, due.admin_id),
        "notices": _items(unread),
        "more": max(0, len(unread) - MOST_SHOWN),
    }
    language = kinds.language(account.language)
    await mails.add(session, running.ring, kinds.Kind.NOTIFICATIONS, to, language, values)


def _items(unread: Sequence[Notification]) -> list[dict[str, object]]:
    return [
        {
            "kind": each.kind,
            "by": each.by_name or "",
            **Details.model_validate(each.details).model_dump(mode="json", by_alias=True),
        }
        for each in unread[:MOST_SHOWN]
    ]
