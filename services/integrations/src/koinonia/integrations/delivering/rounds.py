"""One round of a lane: what is due in it is taken, called, and noted in one transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db
from koinonia.common.crypto import KeyRing
from koinonia.integrations.calls import Outcome
from koinonia.integrations.delivering import answers, ladder
from koinonia.integrations.delivering.lanes import Lane
from koinonia.integrations.delivering.requests import Due, Receiver
from koinonia.integrations.endpoints import endpoints, switching
from koinonia.integrations.vocabulary import DeliveryState, DisabledReason, EndpointState

WIDTH = 8  # calls at one time to a receiver that takes them; to others one


class Round(NamedTuple):
    receiver: Receiver
    due: Sequence[Due]


class Attempt(NamedTuple):
    due: Due
    at: datetime
    outcome: Outcome


async def take(session: AsyncSession, lane: Lane, failures: int) -> Round | None:
    """What is due in the lane now, the longest first; None where nothing is, or nobody is told."""
    receiver = await db.first(
        session,
        Receiver,
        """
        SELECT url, scopes, state, sealed_secret, sealed_previous_secret, previous_secret_until,
               failing_since
          FROM endpoints WHERE id = :endpoint
        """,
        {"endpoint": lane.endpoint_id},
    )
    if receiver is None or receiver.state != EndpointState.ACTIVE:
        return None
    due = await db.rows(
        session,
        Due,
        """
        SELECT due.delivery_id, due.rung, w.id AS webhook_id, w.kind, w.occurred_at, w.data,
               w.sealed_private
          FROM due_deliveries due
          JOIN deliveries d ON d.id = due.delivery_id
          JOIN webhooks w ON w.id = d.webhook_id
         WHERE due.endpoint_id = :endpoint AND due.due_at <= :now
         ORDER BY due.due_at, due.delivery_id LIMIT :width
        """,
        {
            "endpoint": lane.endpoint_id,
            "now": clock.now(),
            "width": 1 if failures else WIDTH,
        },
    )
    return Round(receiver, due) if due else None


async def record(
    session: AsyncSession,
    ring: KeyRing,
    lane: Lane,
    receiver: Receiver,
    attempts: Sequence[Attempt],
) -> None:
    """Note what became of a round, and when each of it is tried again; switch the endpoint off that
    is gone, or took nothing for five days."""
    now = clock.now()
    outcomes = [each.outcome for each in attempts]
    if receiver.failing_since is not None or not all(each.is_taken for each in outcomes):
        # Whoever locks an endpoint and its deliveries locks the endpoint first.
        await endpoints.get(session, lane.endpoint_id, locked=True)
    await db.run(
        session,
        _RECORD,
        {
            "results": db.records(_result(each, ring, now) for each in attempts),
            "scopes": receiver.scopes,
        },
    )
    if any(each.is_gone for each in outcomes):
        await switching.disable(session, lane, DisabledReason.GONE)
    elif any(each.is_taken for each in outcomes):
        if receiver.failing_since is not None:
            await _note_failing(session, lane.endpoint_id, None)
    elif receiver.failing_since is None:
        await _note_failing(session, lane.endpoint_id, now)
    elif now - receiver.failing_since >= ladder.GIVEN_UP_AFTER:
        await switching.disable(session, lane, DisabledReason.FAILING)


def _result(attempt: Attempt, ring: KeyRing, now: datetime) -> dict[str, object]:
    outcome = attempt.outcome
    pause = None if outcome.is_taken else ladder.wait(attempt.due.rung)
    unfinished = DeliveryState.PENDING if pause is not None else DeliveryState.FAILED
    return {
        "delivery_id": attempt.due.delivery_id,
        "state": DeliveryState.DELIVERED if outcome.is_taken else unfinished,
        "at": attempt.at,
        "milliseconds": outcome.milliseconds,
        "status": outcome.status,
        "failure": outcome.failure,
        "answer": answers.seal(ring, outcome.answer),
        "due_at": None if pause is None else now + pause,
    }


# A delivery that another worker delivered meanwhile stays delivered.
_RECORD = """
    WITH given AS MATERIALIZED (
        SELECT * FROM json_to_recordset(CAST(:results AS json))
            AS given (delivery_id uuid, state text, at timestamptz, milliseconds integer,
                      status integer, failure text, answer text, due_at timestamptz)
    ), moved AS (
        UPDATE deliveries d
           SET attempts = d.attempts + 1, attempted_at = given.at, status = given.status,
               failure = given.failure,
               state = CASE WHEN d.state = 'pending' THEN given.state ELSE d.state END
          FROM given WHERE d.id = given.delivery_id
        RETURNING d.id, d.church_id, d.attempts
    ), noted AS (
        INSERT INTO attempts (delivery_id, number, church_id, attempted_at, milliseconds, scopes,
                              status, failure, sealed_answer)
        SELECT moved.id, moved.attempts, moved.church_id, given.at, given.milliseconds,
               CAST(:scopes AS text[]), given.status, given.failure, given.answer
          FROM moved JOIN given ON given.delivery_id = moved.id
    ), ended AS (
        DELETE FROM due_deliveries due USING given
         WHERE due.delivery_id = given.delivery_id AND given.due_at IS NULL
    )
    UPDATE due_deliveries due SET due_at = given.due_at, rung = due.rung + 1
      FROM given WHERE due.delivery_id = given.delivery_id AND given.due_at IS NOT NULL
"""


async def _note_failing(session: AsyncSession, endpoint_id: UUID, since: datetime | None) -> None:
    await db.run(
        session,
        "UPDATE endpoints SET failing_since = :since WHERE id = :id",
        {"id": endpoint_id, "since": since},
    )
