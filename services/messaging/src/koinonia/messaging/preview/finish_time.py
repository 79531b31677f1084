"""When a message would be through: its parts at the rates of its number, its church and the
carrier's account, beside what these have to send already.

Messages take turns at a limit. So until a message is through, each other one takes as much of the
limit as it does, or all that is left of that other one if it is less.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.throttle import Bucket, DailyCap
from koinonia.messaging.messages import batches
from koinonia.messaging.numbers import rates
from koinonia.messaging.numbers.rates import Rates
from koinonia.messaging.numbers.senders import Sender
from koinonia.messaging.settings import Settings
from koinonia.messaging.timing.quiet_hours import Hours

ACCOUNT = "carrier:"
"""The limit that all churches share; the others are this church's own, or nearly so."""


@dataclass(frozen=True, slots=True)
class Load:
    """What is to be sent: ``texts`` by zones, and their ``parts`` together."""

    texts: Mapping[str, int]
    parts: int
    has_media: bool


@dataclass(frozen=True, slots=True)
class Others:
    """What other messages still have to send, in parts, one figure for each message."""

    account: list[float]
    number: list[float]


@dataclass(frozen=True, slots=True)
class Timetable:
    starts_at: datetime
    finishes_at: datetime


class _Sending(NamedTuple):
    message_id: UUID
    batches: int
    sender: str | None
    parts_per_text: Decimal | float | None


async def timetable(
    session: AsyncSession,
    settings: Settings,
    church_id: UUID,
    number: Sender,
    load: Load,
    hours: Hours,
    at: datetime,
) -> Timetable:
    """When the first and the last text would leave, if the message were sent ``at`` some time."""
    limits = await rates.find(
        session,
        settings,
        church_id=church_id,
        carrier=number.carrier,
        sender=number.phone_number,
        is_media=load.has_media,
    )
    others = await _others(session, number)
    texts = sum(load.texts.values())
    rate = texts / seconds(limits, others, load.parts)
    starts_at = min(hours.opening(at, zones) for zones in load.texts)
    finishes_at = hours.finish(at, rate, load.texts) + _waits(limits, load.parts)
    return Timetable(starts_at, max(starts_at, finishes_at))


def seconds(limits: Rates, others: Others, parts: int) -> float:
    """How long so many parts take, without a pause."""
    return max(_shared(bucket, others, parts) / bucket.rate_per_second for bucket in limits.buckets)


def _shared(bucket: Bucket, others: Others, parts: int) -> float:
    beside = others.account if bucket.key.startswith(ACCOUNT) else others.number
    return parts + sum(min(other, parts) for other in beside)


def _waits(limits: Rates, parts: int) -> timedelta:
    """Whole days that a daily cap adds, as if nothing of today's were used."""
    caps = [limit.limit for limit in limits.limits if isinstance(limit, DailyCap)]
    return timedelta(days=(parts - 1) // min(caps)) if caps and parts else timedelta()


async def _others(session: AsyncSession, number: Sender) -> Others:
    """A message is being sent while one of its batches is. Of other churches' messages only the
    number of their batches is known."""
    rows = await db.rows(
        session,
        _Sending,
        """
        SELECT d.message_id, d.batches, m.sender,
               m.parts_estimated / greatest(m.total_recipients, 1.0) AS parts_per_text
          FROM (SELECT message_id, count(*) AS batches FROM dispatch_batches
                 WHERE lane = 'broadcast' AND state <> 'held' AND message_id IN (
                       SELECT message_id FROM dispatch_batches
                        WHERE state IN ('released', 'claimed', 'deferred'))
                 GROUP BY message_id) AS d
          LEFT JOIN messages m ON m.id = d.message_id
        """,
    )
    parts = [float(row.batches * batches.SIZE * (row.parts_per_text or 1)) for row in rows]
    own = [row.sender == number.phone_number for row in rows]
    return Others(parts, [part for part, is_own in zip(parts, own, strict=True) if is_own])
