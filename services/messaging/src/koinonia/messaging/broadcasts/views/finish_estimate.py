"""When a message will have been sent: what is left of it, at the rate at which it truly goes.

The rate is that of its last ``RECENT`` batches, so it includes what other churches take of a
shared account and what a slow carrier costs; but it is never above what is allowed. In the first
half minute, before a window of batches is recorded, what is allowed says more than what was sent.
What quiet hours hold, or will hold before its turn comes, leaves in the morning.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from koinonia.common import clock, db
from koinonia.common.events.messaging import DeliveryStatus
from koinonia.messaging.broadcasts.sending import quiet_gate
from koinonia.messaging.messages import batches
from koinonia.messaging.messages.queries import Message
from koinonia.messaging.numbers import rates
from koinonia.messaging.settings import Settings
from koinonia.messaging.timing.quiet_hours import Hours
from koinonia.messaging.vocabulary import MessageStatus

RECENT = 20
TELLING_SECONDS = 30.0


class _Progress(NamedTuple):
    """``batches`` and ``held`` texts that are left, until when other batches are deferred, and how
    many texts were ``sent`` ``since`` when."""

    batches: int
    held: int
    deferred_until: datetime | None
    since: datetime | None
    sent: int


async def finishes_at(session: db.Session, settings: Settings, message: Message) -> datetime | None:
    """When its last text is with the carrier; None unless it is being sent now."""
    if message.status != MessageStatus.SENDING:
        return None
    progress = await _progress(session, message)
    now = clock.now()
    counts = message.by_status
    left = counts[DeliveryStatus.PENDING] + counts[DeliveryStatus.SENDING]
    waiting = min(progress.batches * batches.SIZE, left - progress.held)
    allowed = await rates.find(
        session,
        settings,
        church_id=message.church_id,
        carrier=message.carrier,
        sender=message.sender,
        is_media=bool(message.media_urls),
    )
    rate = allowed.parts_per_second * message.total_recipients / max(1, message.parts_estimated)
    if true_rate := _rate(progress, now):
        rate = min(rate, true_rate)
    hours = await quiet_gate.hours(
        session, settings, message.church_id, are_ignored=message.ignores_quiet_hours
    )
    texts = _by_zones(hours, now, message.zones or {"": 1}, waiting, progress.held)
    ends = [hours.finish(now, rate, texts)] if waiting + progress.held else []
    return max([*ends, *filter(None, [progress.deferred_until])], default=None)


def _by_zones(
    hours: Hours, now: datetime, zones: Mapping[str, int], waiting: int, held: int
) -> dict[str, float]:
    """How many texts are left in which zones: those of the message lie mixed in its batches, and
    those that are held are where it is not the time."""
    closed = [name for name in zones if quiet_gate.leaves(hours, now, name) > now]
    texts = {name: waiting * count / sum(zones.values()) for name, count in zones.items()}
    for name in closed:
        texts[name] += held * zones[name] / sum(zones[each] for each in closed)
    return texts


def _rate(progress: _Progress, now: datetime) -> float | None:
    """Texts per second, once they are enough to tell."""
    if not progress.sent or progress.since is None:
        return None
    seconds = (now - progress.since).total_seconds()
    is_telling = seconds >= TELLING_SECONDS or progress.sent >= batches.WINDOW * batches.SIZE
    return progress.sent / seconds if is_telling and seconds > 0 else None


async def _progress(session: db.Session, message: Message) -> _Progress:
    """Reads the texts of some :data:`RECENT` batches (ix_message_recipients_message_id_batch_id).

    The texts of a batch are recorded together, so the first of these batches only marks the time.
    """
    progress = await db.first(
        session,
        _Progress,
        """
        WITH unfinished AS (
            SELECT count(*) FILTER (WHERE state NOT IN ('deferred', 'held')) AS batches,
                   coalesce(sum(held) FILTER (WHERE state = 'held'), 0) AS held,
                   max(due_at) FILTER (WHERE state = 'deferred') AS deferred_until,
                   coalesce(min(number) FILTER (WHERE state = 'waiting'), :end) - :recent AS first
              FROM dispatch_batches WHERE message_id = :id
        ), lately AS (
            SELECT batch, coalesce(sent_at, settled_at) AS at FROM message_recipients
             WHERE message_id = :id AND batch >= (SELECT first FROM unfinished)
               AND coalesce(sent_at, settled_at) >= :began
        ), mark AS (
            SELECT -1 AS batch, CAST(:began AS timestamptz) AS at FROM unfinished WHERE first < 0
            UNION ALL
            SELECT batch, at FROM lately ORDER BY at LIMIT 1
        )
        SELECT unfinished.batches, unfinished.held, unfinished.deferred_until, mark.at AS since,
               (SELECT count(*) FROM lately WHERE batch <> mark.batch) AS sent
          FROM unfinished LEFT JOIN mark ON true
        """,
        {
            "id": message.id,
            "end": -(-message.total_recipients // batches.SIZE),
            "recent": RECENT + batches.WINDOW,
            "began": max(filter(None, (message.started_at, message.resumed_at))),
        },
    )
    assert progress is not None
    return progress
