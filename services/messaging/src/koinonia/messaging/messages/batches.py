"""Batches: how a message is cut up, and what becomes of each part of it.

``waiting`` → ``released`` (an event says so) → ``claimed`` (a worker calls the carrier) → deleted,
or ``deferred`` when some texts must be tried again, or ``held`` when quiet hours hold all that is
left; these two wait again when they are due. A message that may be undone begins with batches that
are held. Who lets them go, and how few at one time, is in
``batch_release.py``. ``due_at`` is when somebody looks after a batch in any state but the first:
of one that a ``worker`` holds, at the end of its lease or as soon as that worker is dead.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.messaging.lanes import Lane

SIZE = 100
WINDOW = 4  # batches of one message in flight, so that churches take turns
LEASE_SECONDS = 60.0  # longer than a worker may take that lives, see carrier_calls.py


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch in the hands of this worker, for as long as nobody claims it anew."""

    church_id: UUID
    message_id: UUID
    number: int
    lane: Lane
    attempt: int


class _Claimed(NamedTuple):
    church_id: UUID
    lane: str
    attempt: int


class Cut(NamedTuple):
    """How many texts of a message there are to cut into batches, and before when none leaves."""

    message_id: UUID
    texts: int
    lane: Lane
    held_until: datetime | None = None


async def cut(session: AsyncSession, church_id: UUID, cuts: Sequence[Cut]) -> None:
    """The batches of messages, waiting or held; the first of each is number 0."""
    await db.run(
        session,
        """
        INSERT INTO dispatch_batches (message_id, number, church_id, lane, state, due_at)
        SELECT message_id, number, :church, lane,
               CASE WHEN held_until IS NULL THEN 'waiting' ELSE 'held' END, held_until
          FROM unnest(CAST(:messages AS uuid[]), CAST(:texts AS integer[]),
                      CAST(:lanes AS text[]), CAST(:held_until AS timestamptz[]))
               AS given (message_id, texts, lane, held_until)
         CROSS JOIN LATERAL generate_series(0, (texts - 1) / :size) AS number
        """,
        {
            "church": church_id,
            "messages": [each.message_id for each in cuts],
            "texts": [each.texts for each in cuts],
            "lanes": [each.lane for each in cuts],
            "held_until": [each.held_until for each in cuts],
            "size": SIZE,
        },
    )


async def recut(session: AsyncSession, message_id: UUID) -> int:
    """Cut batches again for texts that belong to none; returns how many were missing."""
    return await db.run(
        session,
        """
        INSERT INTO dispatch_batches (message_id, number, church_id, lane)
        SELECT DISTINCT m.id, r.batch, m.church_id,
               CASE m.kind WHEN 'broadcast' THEN 'broadcast' ELSE 'reply' END
          FROM messages m JOIN message_recipients r ON r.message_id = m.id
         WHERE m.id = :message AND r.status IN ('pending', 'sending')
           AND r.carrier_message_id IS NULL AND NOT EXISTS (
               SELECT FROM dispatch_batches b WHERE b.message_id = m.id AND b.number = r.batch)
        ON CONFLICT DO NOTHING
        """,
        {"message": message_id},
    )


async def claim(
    session: AsyncSession, message_id: UUID, number: int, worker_id: str
) -> Batch | None:
    """Take a released batch; None when another worker has it or had it. The database refuses a
    worker that counts as dead."""
    row = await db.first(
        session,
        _Claimed,
        """
        UPDATE dispatch_batches
           SET state = 'claimed', worker = :worker, attempt = attempt + 1, changed_at = now(),
               due_at = now() + make_interval(secs => :lease)
         WHERE message_id = :message AND number = :number AND state = 'released'
        RETURNING church_id, lane, attempt
        """,
        {
            "message": message_id,
            "number": number,
            "worker": worker_id,
            "lease": LEASE_SECONDS,
        },
    )
    if row is None:
        return None
    return Batch(row.church_id, message_id, number, Lane(row.lane), row.attempt)


async def hold(session: AsyncSession, batch: Batch) -> bool:
    """Lock a claimed batch; False when its lease ran out and somebody else has it."""
    return await db.exists(
        session, f"SELECT 1 FROM dispatch_batches {_OURS} FOR UPDATE", _parameters(batch)
    )


async def finish(session: AsyncSession, batch: Batch) -> None:
    """Nothing of the batch is left to send."""
    await db.run(session, f"DELETE FROM dispatch_batches {_OURS}", _parameters(batch))


async def wait(session: AsyncSession, batch: Batch) -> None:
    """Give the batch back, to be released again."""
    await db.run(
        session,
        f"""
        UPDATE dispatch_batches SET state = 'waiting', due_at = NULL, changed_at = now() {_OURS}
        """,
        _parameters(batch),
    )


async def defer(session: AsyncSession, batch: Batch, seconds: float, *, keeps_place: bool) -> None:
    """Some texts are tried again after ``seconds``. A batch that ``keeps_place`` in the window
    holds up those behind it; that is right when the carrier is in trouble, wrong when a phone is.
    """
    state = "claimed" if keeps_place else "deferred"
    await db.run(
        session,
        f"""
        UPDATE dispatch_batches
           SET state = :state, worker = NULL, changed_at = now(),
               due_at = now() + make_interval(secs => :seconds)
        {_OURS}
        """,
        _parameters(batch) | {"state": state, "seconds": seconds},
    )


async def rest(session: AsyncSession, batch: Batch, held: int, until: datetime) -> None:
    """Quiet hours hold the texts that are left, and nothing of the batch is to be done ``until``
    the first of them may leave. It keeps no place in the window."""
    await db.run(
        session,
        f"""
        UPDATE dispatch_batches
           SET state = 'held', held = :held, due_at = :until, changed_at = now() {_OURS}
        """,
        _parameters(batch) | {"held": held, "until": until},
    )


async def unhold(session: AsyncSession, message_id: UUID) -> None:
    """Let those batches wait that are held by no quiet hours."""
    await db.run(
        session,
        """
        UPDATE dispatch_batches SET state = 'waiting', due_at = NULL, changed_at = now()
         WHERE message_id = :message AND state = 'held' AND held = 0
        """,
        {"message": message_id},
    )


async def free(session: AsyncSession, worker_ids: Sequence[str]) -> int:
    """Make due what workers hold that are dead; returns how many batches."""
    return await db.run(
        session,
        """
        UPDATE dispatch_batches SET due_at = now(), worker = NULL
         WHERE worker = ANY(CAST(:workers AS text[])) AND state = 'claimed'
        """,
        {"workers": worker_ids},
    )


async def lock(session: AsyncSession, message_id: UUID) -> list[int]:
    """Keep workers from claiming or concluding a batch of the message; returns their numbers."""
    return await db.values(
        session,
        int,
        """
        SELECT number FROM dispatch_batches WHERE message_id = :message ORDER BY number FOR UPDATE
        """,
        {"message": message_id},
    )


async def drop_finished(session: AsyncSession, message_id: UUID) -> None:
    """Drop the batches that have nothing left to send; the others are due at once or, where a
    worker may be calling, when its lease runs out."""
    await db.run(
        session,
        """
        DELETE FROM dispatch_batches b
         WHERE message_id = :message AND NOT EXISTS (
               SELECT FROM message_recipients r
                WHERE r.message_id = b.message_id AND r.batch = b.number
                  AND r.status IN ('pending', 'sending') AND r.carrier_message_id IS NULL)
        """,
        {"message": message_id},
    )
    await db.run(
        session,
        """
        UPDATE dispatch_batches
           SET due_at = CASE WHEN state = 'claimed'
                             THEN least(due_at, changed_at + make_interval(secs => :lease))
                             ELSE now() END,
               state = CASE WHEN state = 'claimed' THEN state ELSE 'released' END, held = 0
         WHERE message_id = :message
        """,
        {"message": message_id, "lease": LEASE_SECONDS},
    )


async def discard(session: AsyncSession, message_ids: Sequence[UUID]) -> None:
    """Drop what waits of messages of which nothing is open any more. What somebody holds is theirs
    to end: we hold the messages, and to wait for a batch would break the order of locks."""
    await db.run(
        session,
        """
        DELETE FROM dispatch_batches b
         USING (SELECT message_id, number FROM dispatch_batches
                 WHERE message_id = ANY(CAST(:messages AS uuid[]))
                   AND state IN ('waiting', 'deferred', 'held')
                   FOR UPDATE SKIP LOCKED) AS idle
         WHERE b.message_id = idle.message_id AND b.number = idle.number
        """,
        {"messages": list(message_ids)},
    )


_OURS = """
    WHERE message_id = :message AND number = :number AND state = 'claimed' AND attempt = :attempt
"""


def _parameters(batch: Batch) -> dict[str, object]:
    return {"message": batch.message_id, "number": batch.number, "attempt": batch.attempt}
