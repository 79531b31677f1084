"""How an open question is settled: by staff, or by time."""

from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db, leases
from koinonia.common.phone import Phones
from koinonia.messaging.people.consent import ledger, sealed_words, stop_questions
from koinonia.messaging.people.consent.entries import ConsentKind, ConsentMethod, Entry
from koinonia.messaging.people.consent.errors import NoStopQuestion
from koinonia.messaging.people.consent.stop_questions import Decision, Question
from koinonia.messaging.running import Running

log = structlog.get_logger()


class _Due(NamedTuple):
    question_id: UUID
    church_id: UUID


DUE = leases.DueTable("due_stop_questions", _Due, key=("question_id",), due="due_at")
AT_ONCE = 20
LEASE = timedelta(minutes=5)


async def settle(
    session: AsyncSession,
    church_id: UUID,
    phone_index: str,
    decision: Decision,
    *,
    note: str | None,
    actor_id: UUID,
    address: str | None,
    phones: Phones,
) -> None:
    """What staff decide, with the person's words in the ledger; raises ``NoStopQuestion``."""
    await ledger.lock_phone(session, church_id, phone_index)
    question = await stop_questions.open_question(session, church_id, phone_index)
    if question is None:
        raise NoStopQuestion
    stops = decision is Decision.STOP
    entry = Entry(
        phone_index=phone_index,
        phone_sealed=question.phone_sealed,
        kind=ConsentKind.REVOKED if stops else ConsentKind.KEPT,
        method=ConsentMethod.STAFF,
        at=question.asked_at if stops else max(clock.now(), question.asked_at),  # clocks differ
        words=question.words,
        note=sealed_words.sealed(phones, note) if note else None,
        event_id=question.event_id,
        actor_id=actor_id,
        address=address,
    )
    if stops:
        await ledger.append(session, church_id, [entry])
    else:
        await ledger.write(session, church_id, [entry])
        await stop_questions.close_settled(session, church_id, [entry])


async def count_overdue(running: Running) -> None:
    """What nobody settled within ten business days is a stop from now on."""
    async with running.database.transaction() as session:
        due = await leases.claim(session, DUE, most=AT_ONCE, lease=LEASE)
    for each in due:
        async with running.database.transaction(each.church_id) as session:
            await _count(session, each)


async def _count(session: AsyncSession, due: _Due) -> None:
    question = await _question(session, due)
    if question is None:
        return  # settled in this moment, and its row is gone
    await ledger.lock_phone(session, due.church_id, question.phone_index)
    if await _question(session, due) is None:
        return
    entry = Entry(
        phone_index=question.phone_index,
        phone_sealed=question.phone_sealed,
        kind=ConsentKind.REVOKED,
        method=ConsentMethod.UNSETTLED,
        at=question.asked_at,
        words=question.words,
        event_id=question.event_id,
    )
    await ledger.append(session, due.church_id, [entry])
    log.info("stop_question.unsettled", question_id=str(due.question_id))


async def _question(session: AsyncSession, due: _Due) -> Question | None:
    return await db.first(
        session,
        Question,
        f"SELECT {stop_questions.COLUMNS} FROM stop_questions WHERE id = :id",
        {"id": due.question_id},
    )
