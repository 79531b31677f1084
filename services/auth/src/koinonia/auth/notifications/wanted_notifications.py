"""Which event asks for which notification, and whose it is.

An event has one owner, so nobody publishes ``notification.wanted``: this table reads what the
owners publish anyway. No phone and no text gets into a notification.
"""

from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.auth.notifications import notifications
from koinonia.auth.notifications.notifications import Details, Wanted
from koinonia.common.events.auth import AddressMarked, NotificationKind
from koinonia.common.events.billing import AllowanceUpdated, SpendDeclined
from koinonia.common.events.conversation import NoticeReason, StaffNotified
from koinonia.common.events.messaging import (
    DeliveryStatus,
    ImportProgressed,
    ImportStatus,
    MessageCompleted,
    MessageKind,
    NumberConnection,
    NumberConnectionChanged,
)
from koinonia.common.identity import Role

LOW = 80  # percent of an allowance
TOO_MANY_FAILED = 10  # percent of a broadcast's texts
FINISHED = {ImportStatus.DONE, ImportStatus.FAILED}
STAFF = {
    NoticeReason.ASSIGNED: NotificationKind.ASSIGNED,
    NoticeReason.MENTIONED: NotificationKind.MENTIONED,
    NoticeReason.KEYWORD: NotificationKind.KEYWORD,
    NoticeReason.REPLY_REFUSED: NotificationKind.REPLY_REFUSED,
}
CONNECTIONS = {
    NumberConnection.LOST: NotificationKind.NUMBER_CUT_OFF,
    NumberConnection.HELD_ELSEWHERE: NotificationKind.NUMBER_CUT_OFF,
    NumberConnection.CONNECTED: NotificationKind.NUMBER_BACK,
}


async def notify_staff(session: AsyncSession, event: StaffNotified) -> None:
    details = Details(conversation_id=event.conversation_id, message_id=event.message_id)
    kind = STAFF[NoticeReason(event.reason)]
    wanted = Wanted(
        event.church_id, event.id, kind, details, admin_ids=event.admin_ids, by=event.by
    )
    await notifications.add(session, wanted)


async def notify_of_import(session: AsyncSession, event: ImportProgressed) -> None:
    """Who started it, once it is over."""
    if event.status not in FINISHED or event.admin_id is None:
        return
    details = Details(
        import_id=event.import_id, count=event.rows, is_failed=event.status == ImportStatus.FAILED
    )
    wanted = Wanted(
        event.church_id,
        _once(event.church_id, f"import:{event.import_id}:{event.status}"),
        NotificationKind.IMPORT_FINISHED,
        details,
        admin_ids=(event.admin_id,),
    )
    await notifications.add(session, wanted)


async def notify_of_failures(session: AsyncSession, event: MessageCompleted) -> None:
    """Who sent a broadcast of which too much failed."""
    failed = event.counts.get(DeliveryStatus.FAILED, 0)
    called = sum(event.counts.values()) - event.counts.get(DeliveryStatus.SKIPPED, 0)
    is_ours = event.kind is MessageKind.BROADCAST and event.admin_id is not None
    if not is_ours or not failed or failed * 100 < called * TOO_MANY_FAILED:
        return
    details = Details(message_id=event.message_id, count=failed, total=called)
    wanted = Wanted(
        event.church_id,
        event.id,
        NotificationKind.BROADCAST_FAILED,
        details,
        admin_ids=(event.admin_id,) if event.admin_id else (),
    )
    await notifications.add(session, wanted)


async def notify_of_decline(session: AsyncSession, event: SpendDeclined) -> None:
    """Those who may do something about the plan."""
    details = Details(message_id=event.message_id)
    wanted = Wanted(
        event.church_id, event.id, NotificationKind.BROADCAST_FAILED, details, role=Role.ADMIN
    )
    await notifications.add(session, wanted)


async def notify_of_allowance(session: AsyncSession, event: AllowanceUpdated) -> None:
    """Once for each threshold of a period."""
    if event.allowance_parts <= 0:
        return
    percent = (event.used_parts + event.reserved_parts) * 100 // event.allowance_parts
    if percent < LOW:
        return
    kind = NotificationKind.ALLOWANCE_GONE if percent >= 100 else NotificationKind.ALLOWANCE_LOW
    period = event.period_ends_at.isoformat() if event.period_ends_at else ""
    wanted = Wanted(
        event.church_id,
        _once(event.church_id, f"{kind}:{period}:{event.allowance_parts}"),
        kind,
        Details(count=min(percent, 100)),
        role=Role.ADMIN,
    )
    await notifications.add(session, wanted)


async def notify_of_number(session: AsyncSession, event: NumberConnectionChanged) -> None:
    kind = CONNECTIONS.get(event.connection)
    if kind is not None:
        details = Details(number_id=event.number_id)
        wanted = Wanted(event.church_id, event.id, kind, details, role=Role.ADMIN)
        await notifications.add(session, wanted)


async def notify_of_address(session: AsyncSession, event: AddressMarked) -> None:
    """The owners, and the person, who gets no mail about it."""
    wanted = Wanted(
        event.church_id,
        event.id,
        NotificationKind.ADDRESS_FAILED,
        Details(),
        admin_ids=(event.admin_id,),
        role=Role.OWNER,
        by=event.admin_id,
    )
    await notifications.add(session, wanted)


def _once(church_id: UUID, what: str) -> UUID:
    """The same id for the same thing, however many events tell of it."""
    return uuid5(NAMESPACE_URL, f"notification:{church_id}:{what}")
