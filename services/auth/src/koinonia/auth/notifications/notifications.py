"""The list of what somebody should see: a row for each event and person.

Whoever tells the same event again adds nothing. Where and when it is told besides
(``notification_dispatches``) is decided in the transaction that makes the row.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.auth import accounts
from koinonia.auth.notifications import preferences, timing
from koinonia.common import clock, db, outbox
from koinonia.common.events.auth import NotificationKind, NotificationsChanged
from koinonia.common.identity import Role
from koinonia.common.pagination import Page, PageParams
from koinonia.common.schema import Schema

KEPT = timedelta(days=90)
MOST_COUNTED = 100  # of what is unread: the pages say 99+
NEWEST_FIRST = db.Order({"id": UUID}, descending=True, prefix="n.")

SHOWN = """
    SELECT n.id, n.kind, n.details, n.created_at, n.read_at, n.by_id, b.first_name, b.last_name,
           b.email
      FROM notifications n
      LEFT JOIN admins b ON b.church_id = n.church_id AND b.id = n.by_id
"""


class Details(Schema):
    """What a notification is about: ids and figures. It names nobody."""

    conversation_id: UUID | None = None
    message_id: UUID | None = None
    import_id: UUID | None = None
    number_id: UUID | None = None
    count: int | None = None
    total: int | None = None
    is_failed: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be told: to ``admin_ids``, and to all of ``role`` or above. ``event_id`` is the
    same for what is the same thing."""

    church_id: UUID
    event_id: UUID
    kind: NotificationKind
    details: Details
    admin_ids: Sequence[UUID] = ()
    role: Role | None = None
    by: UUID | None = None  # an admin: who caused it, or whom it is about


class Notification(NamedTuple):
    id: UUID
    kind: str  # a NotificationKind
    details: dict[str, object]  # a Details
    created_at: datetime
    read_at: datetime | None
    by_id: UUID | None
    first_name: str | None  # of that admin
    last_name: str | None
    email: str | None

    @property
    def by_name(self) -> str | None:
        return accounts.full_name(self.first_name, self.last_name) or self.email


class _Made(NamedTuple):
    id: UUID
    admin_id: UUID


async def add(session: AsyncSession, wanted: Wanted) -> None:
    """Tell everybody it is for, as each prefers; who was told before is left alone."""
    roles = _roles(wanted.role) if wanted.role else []
    audience = await preferences.audience(session, wanted.kind, wanted.admin_ids, roles)
    told = {each.admin_id: each for each in audience if each.choice != preferences.NOWHERE}
    if not told:
        return
    made = await _insert(session, wanted, [(key, each.choice.in_app) for key, each in told.items()])
    now = clock.now()
    dispatches = [
        (row, channel, due)
        for row in made
        for channel, due in timing.dispatches(told[row.admin_id], now)
    ]
    if dispatches:
        await _dispatch(session, wanted.church_id, dispatches)
    listed = tuple(row.admin_id for row in made if told[row.admin_id].choice.in_app)
    if listed:
        event = NotificationsChanged(church_id=wanted.church_id, admin_ids=listed, kind=wanted.kind)
        await outbox.add(session, event)


async def page(
    session: db.Session, admin_id: UUID, params: PageParams, *, unread: bool
) -> Page[Notification]:
    """The newest first (ix_notifications_admin, ix_notifications_unread)."""
    narrowed = "AND n.read_at IS NULL" if unread else ""
    where = f"WHERE n.admin_id = :admin AND n.is_listed {narrowed}"
    return await db.page(
        session,
        Notification,
        f"{SHOWN} {where}",
        {"admin": admin_id},
        params,
        NEWEST_FIRST,
        counted=f"SELECT count(*) FROM notifications n {where}",
    )


async def unread(session: db.Session, admin_id: UUID) -> int:
    """How many nobody read, up to :data:`MOST_COUNTED` (ix_notifications_unread)."""
    return await db.count(
        session,
        """
        SELECT count(*) FROM (
            SELECT FROM notifications
             WHERE admin_id = :admin AND is_listed AND read_at IS NULL LIMIT :most) counted
        """,
        {"admin": admin_id, "most": MOST_COUNTED},
    )


async def mark_read(
    session: AsyncSession, church_id: UUID, admin_id: UUID, ids: Sequence[UUID] | None
) -> int:
    """Mark some, or all, as read; what was read is not mailed any more. Returns how many were
    not read before."""
    narrowed = "" if ids is None else "AND id = ANY(CAST(:ids AS uuid[]))"
    read = await db.run(
        session,
        f"""
        UPDATE notifications SET read_at = :now
         WHERE admin_id = :admin AND read_at IS NULL {narrowed}
        """,
        {"admin": admin_id, "now": clock.now(), **({} if ids is None else {"ids": list(ids)})},
    )
    if read:
        event = NotificationsChanged(church_id=church_id, admin_ids=(admin_id,))
        await outbox.add(session, event)
    return read


async def prune(session: AsyncSession) -> int:
    """Delete the old ones of all churches (ix_notifications_created_at); returns how many."""
    return await db.run(
        session,
        "DELETE FROM notifications WHERE created_at < :before",
        {"before": clock.now() - KEPT},
    )


async def _insert(
    session: AsyncSession, wanted: Wanted, recipients: Sequence[tuple[UUID, bool]]
) -> list[_Made]:
    """A row each, but for who has one of this event (uq_notifications_event)."""
    details = wanted.details.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return await db.rows(
        session,
        _Made,
        """
        INSERT INTO notifications (id, church_id, admin_id, event_id, kind, by_id, details,
                                   is_listed, created_at)
        SELECT given.id, :church, given.admin_id, :event, :kind, :by,
               CAST(:details AS jsonb), given.is_listed, :now
          FROM unnest(CAST(:ids AS uuid[]), CAST(:admins AS uuid[]), CAST(:listed AS boolean[]))
               AS given (id, admin_id, is_listed)
        ON CONFLICT ON CONSTRAINT uq_notifications_event DO NOTHING
        RETURNING id, admin_id
        """,
        {
            "church": wanted.church_id,
            "event": wanted.event_id,
            "kind": wanted.kind,
            "by": wanted.by,
            "details": orjson.dumps(details).decode(),
            "ids": [db.uuid7() for _ in recipients],
            "admins": [admin_id for admin_id, _ in recipients],
            "listed": [is_listed for _, is_listed in recipients],
            "now": clock.now(),
        },
    )


async def _dispatch(
    session: AsyncSession,
    church_id: UUID,
    dispatches: Sequence[tuple[_Made, timing.Channel, datetime]],
) -> None:
    await db.run(
        session,
        """
        INSERT INTO notification_dispatches (notification_id, channel, church_id, admin_id, due_at)
        SELECT given.id, given.channel, :church, given.admin_id, given.due_at
          FROM unnest(CAST(:ids AS uuid[]), CAST(:channels AS text[]), CAST(:admins AS uuid[]),
                      CAST(:due AS timestamptz[])) AS given (id, channel, admin_id, due_at)
        """,
        {
            "church": church_id,
            "ids": [row.id for row, _, _ in dispatches],
            "channels": [channel for _, channel, _ in dispatches],
            "admins": [row.admin_id for row, _, _ in dispatches],
            "due": [due for _, _, due in dispatches],
        },
    )


def _roles(lowest: Role) -> list[Role]:
    return [role for role in Role if role.includes(lowest)]
