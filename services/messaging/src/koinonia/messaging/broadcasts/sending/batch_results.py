"""All answers of the carrier to one batch, recorded in one transaction."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.carriers.failures import Failure
from koinonia.common import db
from koinonia.messaging.broadcasts.controls import pauses
from koinonia.messaging.broadcasts.sending.call_failures import Outcome, Retry, Why
from koinonia.messaging.broadcasts.sending.quiet_gate import OPEN, Gate
from koinonia.messaging.broadcasts.tracking import carrier_opt_outs, text_updates
from koinonia.messaging.broadcasts.tracking.text_updates import TextNews
from koinonia.messaging.messages import batch_release, batches
from koinonia.messaging.messages.batches import Batch


class _Left(NamedTuple):
    """What is left to send of a batch. ``seconds``: until the first that nothing holds may be
    tried."""

    texts: int
    held: int
    seconds: Decimal | None
    is_cancelled: bool | None


async def record(
    session: AsyncSession, batch: Batch, outcomes: Sequence[Outcome], gate: Gate = OPEN
) -> None:
    """Apply what is decided, keep the rest for another try, and let the next batch begin.

    What ``gate`` does not let pass waits for the end of quiet hours.

    When our lease ran out and another worker has the batch, only what the carrier accepted still
    counts: the rest is that worker's to find out.
    """
    is_ours = await batches.hold(session, batch)
    news = [o for o in outcomes if isinstance(o, TextNews) and (is_ours or o.carrier_message_id)]
    retries = [o for o in outcomes if isinstance(o, Retry)]
    if is_ours:
        await _keep(session, retries, news)
    await text_updates.apply(session, batch.church_id, news)
    opted_out = [each.recipient_id for each in news if each.failure == Failure.OPTED_OUT]
    await carrier_opt_outs.opt_out(session, batch.church_id, opted_out)
    stopping = pauses.stopping_failure(each.failure for each in outcomes)
    if stopping:
        await pauses.pause_for_failure(session, batch.church_id, batch.message_id, stopping)
    if is_ours:
        keeps_place = _holds_up(retries, moved=bool(news))
        await _conclude(session, batch, gate, keeps_place=keeps_place, paused=stopping is not None)
        await batch_release.release(session, batch.message_id)


def _holds_up(retries: Sequence[Retry], *, moved: bool) -> bool:
    """Whether the batches behind would fare no better: where turns are scarce, or the carrier
    takes nothing. A text that waits for its phone or a mobile network holds up nobody."""
    whys = {each.why for each in retries}
    return Why.TURN in whys or (Why.CARRIER in whys and not moved)


async def _keep(session: AsyncSession, retries: Sequence[Retry], news: Sequence[TextNews]) -> None:
    """Hand texts back. A report that came first has taken its text out of our hands."""
    if not retries:
        return
    ids = [*(each.text.recipient_id for each in retries), *(each.recipient_id for each in news)]
    await _lock(session, ids)
    await db.run(
        session,
        """
        UPDATE message_recipients r
           SET lease_until = now() + make_interval(secs => again.seconds), updated_at = now(),
               attempt = r.attempt - CAST(again.is_untried AS integer),
               claimed_by = CASE WHEN again.may_be_sent THEN r.claimed_by END,
               called_at = CASE WHEN again.may_be_sent THEN r.called_at END
          FROM unnest(CAST(:ids AS uuid[]), CAST(:seconds AS double precision[]),
                      CAST(:may_be_sent AS boolean[]), CAST(:is_untried AS boolean[]))
               AS again (id, seconds, may_be_sent, is_untried)
         WHERE r.id = again.id AND r.status = 'sending' AND r.carrier_message_id IS NULL
        """,
        {
            "ids": [each.text.recipient_id for each in retries],
            "seconds": [each.seconds for each in retries],
            "may_be_sent": [each.may_be_sent for each in retries],
            "is_untried": [each.why is Why.TURN for each in retries],
        },
    )


async def _lock(session: AsyncSession, recipient_ids: Sequence[UUID]) -> None:
    """All texts of the batch at once, because two statements would lock them out of order."""
    await db.run(
        session,
        """
        SELECT FROM message_recipients WHERE id = ANY(CAST(:ids AS uuid[]))
         ORDER BY id FOR NO KEY UPDATE
        """,
        {"ids": list(recipient_ids)},
    )


async def _conclude(
    session: AsyncSession, batch: Batch, gate: Gate, *, keeps_place: bool, paused: bool
) -> None:
    """The batch is done, or waits for the first of its texts that may be tried again, or for the
    end of quiet hours. That of a cancelled message waits for nothing but to be closed."""
    left = await db.first(
        session,
        _Left,
        """
        SELECT count(*) AS texts, count(*) FILTER (WHERE is_held) AS held,
               extract(epoch FROM min(coalesce(lease_until, now())) FILTER (WHERE NOT is_held)
                                      - now()) AS seconds,
               (SELECT status = 'cancelled' FROM messages WHERE id = :message) AS is_cancelled
          FROM (SELECT lease_until,
                       NOT coalesce(coalesce(zones, '') = ANY(CAST(:open AS text[])), true)
                           AS is_held
                  FROM message_recipients
                 WHERE message_id = :message AND batch = :batch AND carrier_message_id IS NULL
                   AND status IN ('pending', 'sending')) AS open
        """,
        {"message": batch.message_id, "batch": batch.number, "open": gate.open},
    )
    if left is None or not left.texts:
        await batches.finish(session, batch)
    elif paused and not left.is_cancelled:
        await batches.wait(session, batch)
    elif gate.until and left.held == left.texts and not left.is_cancelled:
        await batches.rest(session, batch, left.texts, gate.until)
    else:
        over = bool(left.is_cancelled)
        seconds = 0.0 if over else max(0.0, float(left.seconds or 0))
        await batches.defer(session, batch, seconds, keeps_place=keeps_place or over)
