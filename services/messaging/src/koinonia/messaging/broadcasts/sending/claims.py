"""The claim: which texts of a batch this worker may call the carrier for, committed before it does.

One statement takes what is pending and what an earlier worker left behind, as far as the hours let
it pass, and leaves out whoever said STOP since the message was made.
"""

import os
import socket
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db
from koinonia.common.events.messaging import DeliveryStatus
from koinonia.messaging.broadcasts.sending import quiet_gate
from koinonia.messaging.broadcasts.sending.quiet_gate import OPEN, Gate
from koinonia.messaging.messages import batches, counters, record_requests
from koinonia.messaging.messages.batches import Batch
from koinonia.messaging.messages.counters import Change
from koinonia.messaging.people.consent import state_sql

REMEMBERED_HOURS = 20  # a carrier knows an idempotency key for 24; the rest is for our own tries
WORKER = f"{socket.gethostname()}:{os.getpid()}"


@dataclass(frozen=True, slots=True)
class Claimed:
    """One text that this worker, and for the time of its lease nobody else, sends."""

    recipient_id: UUID
    phone_sealed: str
    attempt: int  # 1 for the first
    parts: int = 1  # as we estimate
    may_be_sent: bool = False  # by an earlier call whose answer got lost
    merge_values: tuple[str | None, ...] = field(default=(), repr=False)


async def take(
    session: AsyncSession, batch: Batch, gate: Gate = OPEN, *, is_repeatable: bool
) -> list[Claimed] | None:
    """The texts to send; None when the message does not send, or no more. ``is_repeatable``: the
    carrier takes the identical call twice for one; if it does not, a text whose worker vanished in
    the middle is ``unconfirmed``, never sent again.
    """
    found = await db.untyped_rows(
        session,
        _TAKE,
        {
            "message": batch.message_id,
            "batch": batch.number,
            "worker": WORKER,
            "lease": batches.LEASE_SECONDS,
            "repeatable": is_repeatable,
            "remembered": REMEMBERED_HOURS,
            "now": clock.now(),
            "open": gate.open,
            "late": list(gate.late),
        },
    )
    if not found[0].is_sending:
        return None
    found = [row for row in found if row.id is not None]
    changes = [
        Change(
            message_id=batch.message_id,
            recipient_id=row.id,
            previous=DeliveryStatus(row.previous),
            status=DeliveryStatus(row.status),
            failure=row.failure,
        )
        for row in found
    ]
    await counters.apply(session, batch.church_id, changes)
    doubtful = [row.id for row in found if row.status == DeliveryStatus.UNCONFIRMED]
    await record_requests.want(session, batch.church_id, doubtful)
    return [
        Claimed(
            recipient_id=row.id,
            phone_sealed=row.phone_sealed,
            attempt=row.attempt,
            parts=row.parts_estimated,
            may_be_sent=row.was_abandoned,
            merge_values=tuple(row.merge_values or ()),
        )
        for row in found
        if row.status == DeliveryStatus.SENDING
    ]


# A confirmation passes the STOP that it confirms, and is the only text that does: "welcome back" is
# no longer true after another STOP, and after a day any of them would surprise.
# ``claimed_by`` is cleared when the carrier surely refused, so what still has it and no message id
# of the carrier's may or may not have been sent. Even after a STOP that text is not "skipped".
_TAKE = f"""
    WITH message AS (
        SELECT kind = 'confirmation' AS is_confirmation,
               kind = 'confirmation'
                   AND created_at < CAST(:now AS timestamptz) - interval '1 day' AS is_stale,
               CASE target_type
                    WHEN 'groups' THEN target_ids
                    WHEN 'branches' THEN ARRAY(SELECT g.id FROM groups g
                                                WHERE g.branch_id = ANY(target_ids))
               END AS ministries
          FROM messages WHERE id = :message AND status = 'sending'
    ), free AS (
        SELECT r.id, r.status AS previous, r.claimed_by IS NOT NULL AS was_abandoned,
               CAST(:repeatable AS boolean)
                   AND coalesce(r.called_at, r.updated_at)
                           > now() - make_interval(hours => :remembered) AS is_repeatable,
               CASE WHEN is_confirmation AND NOT EXISTS (
                             SELECT FROM confirmations c
                              WHERE c.church_id = r.church_id AND c.phone_index = r.phone_index
                                AND c.message_id = r.message_id AND c.about = 'start')
                         THEN NULL
                    WHEN {state_sql.revoked("r")} THEN 'opted_out'
                    WHEN {state_sql.left("r", "ministries")} THEN 'ministry_stopped' END AS stopped,
               is_stale OR coalesce(r.zones, '') = ANY(CAST(:late AS text[])) AS is_late
          FROM message_recipients r
          CROSS JOIN message
         WHERE r.message_id = :message AND r.batch = :batch AND r.carrier_message_id IS NULL
           AND (r.status = 'pending' OR (r.status = 'sending' AND r.lease_until < now()))
           AND (CAST(:open AS text[]) IS NULL
                OR coalesce(r.zones, '') = ANY(CAST(:open AS text[]) || CAST(:late AS text[])))
         ORDER BY r.id FOR NO KEY UPDATE OF r
    ), decided AS (
        SELECT id, previous, was_abandoned,
               CASE WHEN was_abandoned AND (stopped IS NOT NULL OR is_late OR NOT is_repeatable)
                         THEN 'unconfirmed'
                    WHEN stopped IS NOT NULL OR is_late THEN 'skipped'
                    ELSE 'sending' END AS status,
               CASE WHEN stopped IS NOT NULL THEN stopped
                    WHEN was_abandoned AND (is_late OR NOT is_repeatable) THEN 'no_answer'
                    WHEN is_late THEN '{quiet_gate.TOO_LATE}' END AS failure
          FROM free
    ), taken AS (
        UPDATE message_recipients r
           SET status = decided.status,
               failure = decided.failure,
               attempt = r.attempt + CAST(decided.status = 'sending' AS integer),
               claimed_by = CASE WHEN decided.status = 'sending' THEN :worker END,
               called_at = CASE WHEN was_abandoned THEN coalesce(r.called_at, r.updated_at)
                                ELSE now() END,
               lease_until = CASE WHEN decided.status = 'sending'
                                  THEN now() + make_interval(secs => :lease) END,
               settled_at = CASE WHEN decided.status <> 'sending' THEN now() END,
               updated_at = now()
          FROM decided WHERE r.id = decided.id
        RETURNING r.id, decided.previous, r.status, r.failure, r.phone_sealed, r.attempt,
                  r.parts_estimated, r.merge_values, decided.was_abandoned
    )
    SELECT taken.*, EXISTS (SELECT FROM message) AS is_sending
      FROM (VALUES (1)) AS always LEFT JOIN taken ON true
"""
