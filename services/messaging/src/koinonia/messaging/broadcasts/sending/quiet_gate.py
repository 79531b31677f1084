"""Quiet hours inside the claim: which texts of a batch may leave now, until when the rest waits.

A text leaves while its worker's lease lasts, so its hours must stay open as long. What has not left
by the latest instant of its message (``skipIfLaterMinutes``) is skipped, and at once when its hours
open only after that.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db
from koinonia.common.events.messaging import MessageKind
from koinonia.messaging.messages import batches
from koinonia.messaging.messages.batches import Batch
from koinonia.messaging.timing import texting_rules
from koinonia.messaging.timing.quiet_hours import Hours

TOO_LATE = "too_late"
LEASE = timedelta(seconds=batches.LEASE_SECONDS)


@dataclass(frozen=True, slots=True)
class Gate:
    """Texts by their zones: those in ``open`` may leave (None: all), those in ``late`` never will.
    The first of the others may ``until``, when there are others."""

    open: list[str] | None = None
    late: tuple[str, ...] = ()
    until: datetime | None = None


OPEN = Gate()


@dataclass(frozen=True, slots=True)
class Held:
    """How many texts of a message wait for the end of quiet hours, and until when the first."""

    texts: int
    until: datetime | None


async def gate(session: AsyncSession, settings: Any, batch: Batch, message: Any) -> Gate:
    """Who of a claimed batch may be texted. Only broadcasts wait: an answer is expected."""
    if message.kind != MessageKind.BROADCAST:
        return OPEN
    hours = await hours_of(session, settings, batch.church_id, message)
    if not hours.is_enforced and message.latest_at is None:
        return OPEN
    row = await db.untyped_first(
        session,
        """
        SELECT array_agg(DISTINCT coalesce(zones, '')) AS zones FROM message_recipients
         WHERE message_id = :message AND batch = :batch AND carrier_message_id IS NULL
           AND status IN ('pending', 'sending')
        """,
        {"message": batch.message_id, "batch": batch.number},
    )
    found: list[str] = (row and row.zones) or []
    return _gate({zones: leaves(hours, clock.now(), zones) for zones in found}, message.latest_at)


async def hours_of(session: AsyncSession, settings: Any, church_id: UUID, message: Any) -> Hours:
    """The hours that hold for a message; an emergency has none."""
    hours = await texting_rules.hours(session, settings, church_id)
    return hours.ignored() if message.ignores_quiet_hours else hours


def leaves(hours: Hours, now: datetime, zones: str) -> datetime:
    """When a text may be claimed: ``now``, or when its hours next open for long enough."""
    opening = hours.opening(now, zones)
    if opening > now:
        return opening
    later = hours.opening(now + LEASE, zones)
    return now if later == now + LEASE else later


async def held(session: AsyncSession, message_id: UUID) -> Held:
    """What quiet hours hold of a message now."""
    row = await db.untyped_first(
        session,
        """
        SELECT coalesce(sum(held), 0) AS texts, min(due_at) AS until FROM dispatch_batches
         WHERE message_id = :message AND state = 'held'
        """,
        {"message": message_id},
    )
    assert row is not None
    return Held(row.texts, row.until)


def _gate(leave: dict[str, datetime], latest: datetime | None) -> Gate:
    now = clock.now()
    late = [zones for zones, at in leave.items() if latest and max(at, now) > latest]
    waiting = {zones: at for zones, at in leave.items() if at > now and zones not in late}
    return Gate(
        open=[zones for zones in leave if zones not in late and zones not in waiting],
        late=tuple(late),
        until=min(waiting.values(), default=None),
    )
