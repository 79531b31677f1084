"""Open questions: who may have asked to stop, in words that staff have to judge.

One phone has one open question, the earliest. It is closed with what settles it: an entry of the
ledger that revokes or grants, or one that says that the text was an ordinary answer.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db, outbox
from koinonia.common.events.messaging import StopAsked, StopSettled
from koinonia.messaging.people.consent.entries import ConsentKind, ConsentMethod, Entry

BUSINESS_DAYS = 10  # to honour a revocation at the latest (47 CFR 64.1200(a)(10))
FRIDAY = 4


class Decision(StrEnum):
    STOP = "stop"
    ORDINARY = "ordinary"


class Question(NamedTuple):
    id: UUID
    church_id: UUID
    phone_index: str
    phone_sealed: str
    words: str  # sealed
    event_id: UUID
    asked_at: datetime
    counts_from: datetime


COLUMNS = "id, church_id, phone_index, phone_sealed, words, event_id, asked_at, counts_from"


def business_days_after(at: datetime, days: int) -> datetime:
    """The same time of day so many working days later; a holiday counts as a working day."""
    while days:
        at += timedelta(days=1)
        days -= at.weekday() <= FRIDAY
    return at


async def open_question(session: db.Session, church_id: UUID, phone_index: str) -> Question | None:
    return await db.first(
        session,
        Question,
        f"SELECT {COLUMNS} FROM stop_questions WHERE church_id = :church AND phone_index = :index",
        {"church": church_id, "index": phone_index},
    )


async def open_one(
    session: AsyncSession, church_id: UUID, asked: Entry, carrier: str, carrier_message_id: str
) -> None:
    """Open a question about the text of an entry, unless one is open."""
    question = Question(
        id=asked.id,
        church_id=church_id,
        phone_index=asked.phone_index,
        phone_sealed=asked.phone_sealed,
        words=asked.words or "",
        event_id=asked.event_id or asked.id,
        asked_at=asked.at,
        counts_from=business_days_after(asked.at, BUSINESS_DAYS),
    )
    opened = await db.run(
        session,
        f"""
        INSERT INTO stop_questions ({COLUMNS})
        VALUES (:id, :church_id, :phone_index, :phone_sealed, :words, :event_id, :asked_at,
                :counts_from)
        ON CONFLICT (church_id, phone_index) DO NOTHING
        """,
        question._asdict(),
    )
    if not opened:
        return
    await db.run(
        session,
        """
        INSERT INTO due_stop_questions (question_id, church_id, due_at)
        VALUES (:id, :church, :at)
        """,
        {"id": question.id, "church": church_id, "at": question.counts_from},
    )
    told = StopAsked(
        church_id=church_id,
        phone_index=question.phone_index,
        sealed_phone=question.phone_sealed,
        carrier=carrier,
        carrier_message_id=carrier_message_id,
        asked_at=question.asked_at,
        counts_from=question.counts_from,
    )
    await outbox.add(session, told)


async def close_settled(session: AsyncSession, church_id: UUID, entries: Sequence[Entry]) -> None:
    """Close the questions that these entries settle; those that were said earlier settle none."""
    settled = {each.phone_index: each for each in entries if _settles(each)}
    if not settled:
        return
    closed = await db.rows(
        session,
        Question,
        f"""
        DELETE FROM stop_questions q
         USING unnest(CAST(:indexes AS text[]), CAST(:at AS timestamptz[])) AS given (index, at)
         WHERE q.church_id = :church AND q.phone_index = given.index AND q.asked_at <= given.at
        RETURNING {COLUMNS}
        """,
        {
            "church": church_id,
            "indexes": list(settled),
            "at": [each.at for each in settled.values()],
        },
    )
    await db.run(
        session,
        "DELETE FROM due_stop_questions WHERE question_id = ANY(CAST(:ids AS uuid[]))",
        {"ids": [question.id for question in closed]},
    )
    told = [_settled(question, settled[question.phone_index]) for question in closed]
    await outbox.add(session, *told)


def _settles(entry: Entry) -> bool:
    """Who enters a phone again settles nothing."""
    if entry.scope is not None or entry.kind in (ConsentKind.ASKED, ConsentKind.ANNULLED):
        return False
    if entry.kind in (ConsentKind.REVOKED, ConsentKind.KEPT):
        return True
    return entry.method.is_own or entry.is_lift


def _settled(question: Question, entry: Entry) -> StopSettled:
    others = "time" if entry.method is ConsentMethod.UNSETTLED else "staff"
    return StopSettled(
        church_id=question.church_id,
        phone_index=question.phone_index,
        sealed_phone=question.phone_sealed,
        asked_at=question.asked_at,
        decision=Decision.STOP if entry.kind is ConsentKind.REVOKED else Decision.ORDINARY,
        settled_by="person" if entry.method.is_own else others,
    )
