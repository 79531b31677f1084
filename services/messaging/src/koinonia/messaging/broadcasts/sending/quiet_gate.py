"""Quiet hours inside the claim: which texts of a batch may leave now, until when the rest waits.

A text leaves while its worker's lease lasts, so its hours must stay open as long. What has not left
by the latest instant of its message (``skipIfLaterMinutes``) is skipped, and at once when its hours
open only after that.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db
from koinonia.common.events.messaging import MessageKind
from koinonia.messaging.messages import batches
from koinonia.messaging.messages.batches import Batch
from koinonia.messaging.settings import Settings
from koinonia.messaging.timing import texting_rules
from koinonia.messaging.timing.quiet_hours import Hours

LEASE = timedelta(seconds=batches.LEASE_SECONDS)


@dataclass(frozen=True, slots=True)
class Gate:
    """Texts by their zones: those in ``open`` may leave (None: all), those in ``late`` never will.
    The first of the others may ``until``, when there are others."""

    open: list[str] | None = None
    late: tuple[str, ...] = ()
    until: datetime | None = None


OPEN = Gate()


class Held(NamedTuple):
    """How many texts of a message wait for the end of quiet hours, and until when the first."""

    texts: int
    until: datetime | None


async def gate(
    session: AsyncSession,
    settings: Settings,
    batch: Batch,
    *,
    kind: str,
    latest_at: datetime | None,
    ignores_quiet_hours: bool,
) -> Gate:
    """Who of a claimed batch may be texted. Only broadcasts wait: an answer is expected."""
    if kind != MessageKind.BROADCAST:
        return OPEN
    rules = await hours(session, settings, batch.church_id, are_ignored=ignores_quiet_hours)
    if not rules.is_enforced and latest_at is None:
        return OPEN
    found = await db.values(
        session,
        str,
        """
        SELECT DISTINCT coalesce(zones, '') FROM message_recipients
         WHERE message_id = :message AND batch = :batch AND carrier_message_id IS NULL
           AND status IN ('pending', 'sending')
        """,
        {"message": batch.message_id, "batch": batch.number},
    )
    return _gate({zones: leaves(rules, clock.now(), zones) for zones in found}, latest_at)


async def hours(
    session: db.Session, settings: Settings, church_id: UUID, *, are_ignored: bool
) -> Hours:
    """The hours that hold for a message; an emergency has none."""
    rules = await texting_rules.hours(session, settings, church_id)
    return rules.ignored() if are_ignored else rules


def leaves(hours: Hours, now: datetime, zones: str) -> datetime:
    """When a text may be claimed: ``now``, or when its hours next open for long enough."""
    opening = hours.opening(now, zones)
    if opening > now:
        return opening
    later = hours.opening(now + LEASE, zones)
    return now if later == now + LEASE else later


async def held(session: db.Session, message_id: UUID) -> Held:
    """What quiet hours hold of a message now."""
    found = await db.first(
        session,
        Held,
        """
        SELECT coalesce(sum(held), 0) AS texts, min(due_at) AS until FROM dispatch_batches
         WHERE message_id = :message AND state = 'held' AND held > 0
        """,
        {"message": message_id},
    )
    assert found is not None
    return found


def _gate(leave: dict[str, datetime], latest: datetime | None) -> Gate:
    now = clock.now()
    late = [zones for zones, at in leave.items() if latest and max(at, now) > latest]
    waiting = {zones: at for zones, at in leave.items() if at > now and zones not in late}
    return Gate(
        open=[zones for zones in leave if zones not in late and zones not in waiting],
        late=tuple(late),
        until=min(waiting.values(), default=None),
    )
