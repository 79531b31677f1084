"""Events as billing hears them, and what it made of them."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from koinonia.billing import subscriptions
from koinonia.billing.program import PROGRAM
from koinonia.billing.settings import Settings
from koinonia.billing.subscriptions import Subscription
from koinonia.common import db
from koinonia.common.events import REGISTRY, Event
from koinonia.common.events.auth import ChurchRegistered
from koinonia.common.events.messaging import (
    DeliveryUpdated,
    MessageCancelled,
    MessageCompleted,
    MessageCreated,
    MessageKind,
)
from koinonia.common.testing import probe, service

BROADCAST = MessageKind.BROADCAST


def registered(church_id: UUID) -> ChurchRegistered:
    return ChurchRegistered(
        church_id=church_id, church_name="Grace Chapel", timezone="America/Chicago"
    )


def created(church_id: UUID, parts: int, message_id: UUID | None = None) -> MessageCreated:
    return MessageCreated(
        church_id=church_id,
        message_id=message_id or db.uuid7(),
        kind=BROADCAST,
        recipients=max(parts, 1),
        parts=parts,
    )


def reported(church_id: UUID, message_id: UUID, parts: int, cost: str = "0") -> DeliveryUpdated:
    return DeliveryUpdated(
        church_id=church_id,
        message_id=message_id,
        kind=BROADCAST,
        changes=[],
        parts=parts,
        cost=Decimal(cost),
    )


def completed(church_id: UUID, message_id: UUID) -> MessageCompleted:
    return MessageCompleted(
        church_id=church_id, message_id=message_id, kind=BROADCAST, counts={}, parts=0
    )


def cancelled(church_id: UUID, message_id: UUID) -> MessageCancelled:
    return MessageCancelled(church_id=church_id, message_id=message_id, kind=BROADCAST)


async def church(database: db.Database, allowance: int | None = None) -> UUID:
    church_id = db.uuid7()
    await hear(database, registered(church_id), allowance=allowance)
    return church_id


async def hear(database: db.Database, *events: Event, allowance: int | None = None) -> None:
    await service.hear(PROGRAM, _running(database, allowance), *events)


async def hear_together(
    database: db.Database, events: Sequence[Event], allowance: int | None = None
) -> None:
    await service.hear_together(PROGRAM, _running(database, allowance), *events)


def _running(database: db.Database, allowance: int | None) -> Any:
    settings = Settings.model_construct(trial_allowance_parts=allowance)
    return SimpleNamespace(database=database, settings=settings)


async def subscription(database: db.Database, church_id: UUID) -> Subscription:
    async with database.transaction(church_id) as session:
        return await subscriptions.current(session, church_id)


async def figures(database: db.Database, church_id: UUID) -> tuple[int, int]:
    """Parts used and parts reserved."""
    found = await subscription(database, church_id)
    return found.used_parts, found.reserved_parts


async def change(database: db.Database, church_id: UUID, **columns: Any) -> None:
    """Put a subscription into the state that a test is about."""
    assignments = ", ".join(f"{name} = :{name}" for name in columns)
    async with database.transaction(church_id) as session:
        await db.run(session, f"UPDATE subscriptions SET {assignments}", columns)


async def said(database: db.Database, *kinds: type[Event]) -> list[Any]:
    """What billing published, oldest first; of ``kinds`` only, if any are given."""
    async with database.transaction() as session:
        waiting = await probe.rows(session, "SELECT name, body FROM outbox ORDER BY position")
    return list(_decoded(waiting, kinds))


def _decoded(waiting: Iterable[Any], kinds: tuple[type[Event], ...]) -> Iterable[Event]:
    for row in waiting:
        if not kinds or REGISTRY[row.name] in kinds:
            yield REGISTRY[row.name].model_validate_json(row.body)
