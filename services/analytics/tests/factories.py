"""Events as analytics hears them, and the figures it makes of them."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from koinonia.analytics.program import PROGRAM
from koinonia.common import clock, db
from koinonia.common.events import Event
from koinonia.common.events.auth import ChurchRegistered
from koinonia.common.events.conversation import ConversationUpdated
from koinonia.common.events.messaging import (
    DeliveryChange,
    DeliveryStatus,
    DeliveryUpdated,
    MemberCreated,
    MemberRemoved,
    MemberSnapshot,
    MessageCompleted,
    MessageCreated,
    MessageKind,
)
from koinonia.common.testing import probe, service

BROADCAST, REPLY = MessageKind.BROADCAST, MessageKind.REPLY
Change = tuple[DeliveryStatus, DeliveryStatus]


def registered(church_id: UUID, timezone: str = "America/Chicago") -> ChurchRegistered:
    return ChurchRegistered(church_id=church_id, church_name="Grace Chapel", timezone=timezone)


def created(
    church_id: UUID,
    recipients: int = 1,
    kind: MessageKind = BROADCAST,
    at: datetime | None = None,
    message_id: UUID | None = None,
) -> MessageCreated:
    return MessageCreated(
        church_id=church_id,
        message_id=message_id or db.uuid7(),
        kind=kind,
        recipients=recipients,
        parts=recipients,
        occurred_at=at or clock.now(),
    )


def moved(
    message: MessageCreated, *changes: Change, parts: int = 0, cost: str = "0"
) -> DeliveryUpdated:
    """``changes`` are pairs: where each text was, and where it is now."""
    return DeliveryUpdated(
        church_id=message.church_id,
        message_id=message.message_id,
        kind=message.kind,
        changes=[
            DeliveryChange(recipient_id=db.uuid7(), previous=before, status=after)
            for before, after in changes
        ],
        parts=parts,
        cost=Decimal(cost),
    )


def completed(message: MessageCreated) -> MessageCompleted:
    return MessageCompleted(
        church_id=message.church_id,
        message_id=message.message_id,
        kind=message.kind,
        counts={DeliveryStatus.DELIVERED: 2},
        parts=2,
    )


def joined(church_id: UUID, count: int) -> MemberCreated:
    snapshot = MemberSnapshot(
        member_id=db.uuid7(),
        first_name="Ruth",
        last_name="Moab",
        sealed_phone="sealed",
        phone_index="index",
    )
    return MemberCreated(church_id=church_id, members=[snapshot] * count)


def left(church_id: UUID, count: int) -> MemberRemoved:
    return MemberRemoved(church_id=church_id, member_ids=[db.uuid7() for _ in range(count)])


def thread(church_id: UUID, *statuses: str) -> list[ConversationUpdated]:
    """A new thread that passes through ``statuses``."""
    conversation_id = db.uuid7()
    return [
        ConversationUpdated(
            church_id=church_id,
            conversation_id=conversation_id,
            previous_status=before,
            status=after,
        )
        for before, after in zip([None, *statuses[:-1]], statuses, strict=True)
    ]


async def church(running: Any, timezone: str = "America/Chicago") -> UUID:
    church_id = db.uuid7()
    await hear(running, registered(church_id, timezone))
    return church_id


async def hear(running: Any, *events: Event) -> None:
    await service.hear(PROGRAM, running, *events)


async def hear_together(running: Any, events: Sequence[Event]) -> None:
    await service.hear_together(PROGRAM, running, *events)


async def rows(running: Any, church_id: UUID, sql: str) -> list[Any]:
    async with running.database.transaction(church_id) as session:
        return await probe.rows(session, sql)


async def totals(running: Any, church_id: UUID) -> dict[str, int]:
    """The church's figures, those that are zero left out."""
    found = await rows(running, church_id, "SELECT * FROM totals")
    return _nonzero(found[0]) if found else {}


async def by_day(running: Any, church_id: UUID) -> dict[str, dict[str, int]]:
    """The figures of each day, those that are zero left out."""
    found = await rows(running, church_id, "SELECT * FROM daily_rollups ORDER BY day")
    return {row.day.isoformat(): _nonzero(row) for row in found}


def _nonzero(row: Any) -> dict[str, int]:
    figures = row._mapping.items()
    return {name: value for name, value in figures if name not in ("church_id", "day") and value}
