"""The claim: a message as its texts are sent, and which texts of a batch this worker may call the
carrier for. It is committed before the first call.

One statement takes what is pending and what an earlier worker left behind, as far as the hours let
it pass, and leaves out whoever said STOP since the message was made, or may have.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.carriers import CARRIERS
from koinonia.carriers.contract import OutgoingText
from koinonia.common import clock, db
from koinonia.common.events.messaging import DeliveryStatus, OwnFailure
from koinonia.messaging.broadcasts.sending.quiet_gate import OPEN, Gate
from koinonia.messaging.composing import template_text
from koinonia.messaging.composing.template_text import Template, Values
from koinonia.messaging.messages import batches, counters, record_requests
from koinonia.messaging.messages.batches import Batch
from koinonia.messaging.messages.counters import Change
from koinonia.messaging.people.consent import state_sql

REMEMBERED_HOURS = 20  # a carrier knows an idempotency key for 24; the rest is for our own tries


@dataclass(frozen=True)
class OutgoingMessage:
    """What is the same for every text of a message, kept with it as the merge values are with each
    text: repeated calls are identical."""

    id: UUID
    church_id: UUID
    kind: str
    status: str
    carrier: str
    sender: str
    content: str = field(repr=False)
    merge_fields: list[str]
    media_urls: list[str]
    carrier_profile_id: str | None
    latest_at: datetime | None
    ignores_quiet_hours: bool

    @cached_property
    def template(self) -> Template:
        return template_text.accepted(self.content, self.merge_fields)

    def addressed(
        self, recipient_id: UUID, phone: str, values: Values | None, webhooks_origin: str
    ) -> OutgoingText:
        """The text of one recipient; ``values`` are filled in."""
        report_url = (
            f"{webhooks_origin}{CARRIERS[self.carrier].reports_path}"
            f"?church={self.church_id}&recipient={recipient_id}"
        )
        return OutgoingText(
            recipient_id=recipient_id,
            church_id=self.church_id,
            sender=self.sender,
            to=phone,
            text=self.template.render(values or ()),
            media_urls=self.media_urls,
            report_url=report_url,
            profile_id=self.carrier_profile_id,
        )


@dataclass(frozen=True, slots=True)
class Claimed:
    """One text that this worker, and for the time of its lease nobody else, sends."""

    recipient_id: UUID
    phone_sealed: str
    attempt: int  # 1 for the first
    parts: int  # as we estimate
    may_be_sent: bool  # by an earlier call whose answer got lost
    merge_values: Values | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Taken(Claimed):
    """A text that is claimed (its ``status`` is sending), or closed instead."""

    previous: str
    status: str
    failure: str | None


_MESSAGES = """
    SELECT id, church_id, kind, status, carrier, sender, content, merge_fields, media_urls,
           carrier_profile_id, latest_at, ignores_quiet_hours
      FROM messages WHERE id
"""


async def message(session: AsyncSession, message_id: UUID) -> OutgoingMessage | None:
    return await db.first(session, OutgoingMessage, f"{_MESSAGES} = :id", {"id": message_id})


async def messages(session: AsyncSession, message_ids: Sequence[UUID]) -> list[OutgoingMessage]:
    sql = f"{_MESSAGES} = ANY(CAST(:ids AS uuid[]))"
    return await db.rows(session, OutgoingMessage, sql, {"ids": list(message_ids)})


async def take(
    session: AsyncSession, batch: Batch, worker_id: str, gate: Gate = OPEN, *, is_repeatable: bool
) -> Sequence[Claimed] | None:
    """The texts to send; None when the message does not send, or no more. ``is_repeatable``: the
    carrier takes the identical call twice for one; if it does not, a text whose worker vanished in
    the middle is ``unconfirmed``, never sent again.
    """
    taken = await db.rows(
        session,
        _Taken,
        _TAKE,
        {
            "message": batch.message_id,
            "batch": batch.number,
            "worker": worker_id,
            "lease": batches.LEASE_SECONDS,
            "repeatable": is_repeatable,
            "remembered": REMEMBERED_HOURS,
            "now": clock.now(),
            "open": gate.open,
            "late": list(gate.late),
        },
    )
    if not taken and not await _is_sending(session, batch.message_id):
        return None
    changes = [
        Change(batch.message_id, text.recipient_id, text.previous, text.status, text.failure)
        for text in taken
    ]
    await counters.apply(session, batch.church_id, changes)
    doubtful = [text.recipient_id for text in taken if text.status == DeliveryStatus.UNCONFIRMED]
    await record_requests.want(session, batch.church_id, doubtful)
    return [text for text in taken if text.status == DeliveryStatus.SENDING]


async def _is_sending(session: AsyncSession, message_id: UUID) -> bool:
    return await db.exists(
        session, "SELECT 1 FROM messages WHERE id = :id AND status = 'sending'", {"id": message_id}
    )


# A confirmation passes the STOP that it confirms, and is the only text that does: "welcome back" is
# no longer true after another STOP, and after a day any of them would surprise.
# ``claimed_by`` is cleared when the carrier surely refused, so what still has it and no message id
# of the carrier's may or may not have been sent. Even after a STOP that text is not "skipped".
# A worker without a row is dead (koinonia.common.leases.workers), so its texts wait for no lease.
_TAKE = f"""
    WITH message AS (
        SELECT kind = 'confirmation' AS is_confirmation,
               kind IN ('broadcast', 'test') AS is_broadcast,
               kind = 'confirmation'
                   AND created_at < CAST(:now AS timestamptz) - interval '1 day' AS is_stale,
               CASE target_type
                    WHEN 'groups' THEN target_ids
                    WHEN 'branches' THEN ARRAY(SELECT g.id FROM groups g
                                                WHERE g.branch_id = ANY(target_ids))
                    ELSE nullif(target_groups, '{{}}')
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
                    WHEN is_broadcast AND {state_sql.asked("r")} THEN 'stop_asked'
                    WHEN {state_sql.left("r", "ministries")} THEN 'ministry_stopped' END AS stopped,
               is_stale OR coalesce(r.zones, '') = ANY(CAST(:late AS text[])) AS is_late
          FROM message_recipients r
          CROSS JOIN message
         WHERE r.message_id = :message AND r.batch = :batch AND r.carrier_message_id IS NULL
           AND (r.status = 'pending'
                OR (r.status = 'sending' AND (
                    r.lease_until < now()
                    OR NOT EXISTS (SELECT FROM workers w WHERE w.id = r.claimed_by)
                        AND r.claimed_by IS NOT NULL)))
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
                    WHEN is_late THEN '{OwnFailure.TOO_LATE}' END AS failure
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
        RETURNING r.id AS recipient_id, r.phone_sealed, r.attempt, r.parts_estimated AS parts,
                  decided.was_abandoned AS may_be_sent, r.merge_values,
                  decided.previous, r.status, r.failure
    )
    SELECT * FROM taken
"""
