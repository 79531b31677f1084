"""Our automatic answers to STOP, START, HELP and keywords: whether there is one, and how often.

A carrier that matched the keyword has answered it. Two machines would answer each other without
end: a phone gets at most five automatic answers in an hour, and one to a HELP that its network
delivered twice.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID, uuid5

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db
from koinonia.common.events.conversation import WordsFound
from koinonia.common.events.ingress import CarrierMessageReceived
from koinonia.messaging.broadcasts.accepting import confirmations
from koinonia.messaging.broadcasts.accepting.confirmations import Confirmation
from koinonia.messaging.inbound import wording
from koinonia.messaging.numbers import senders
from koinonia.messaging.timing import texting_rules

log = structlog.get_logger()

HOUR, TWIN = timedelta(hours=1), timedelta(seconds=10)
MOST_IN_AN_HOUR = 5
HELP_WHILE_STOPPED = timedelta(days=1)


Heard = CarrierMessageReceived | WordsFound
"""A text to a church, or words that came as a part of one."""


class About(StrEnum):
    STOP = "stop"
    START = "start"
    HELP = "help"
    MINISTRY = "ministry"


class _Recent(NamedTuple):
    answers: int
    same: int


def answer_id(event: Heard) -> UUID:
    """The id of the message that answers this text; the same however often it is worked out."""
    return uuid5(event.id, "confirmation")


async def send(
    session: AsyncSession,
    church_id: UUID,
    event: Heard,
    phone_index: str,
    about: About,
    text: str,
) -> None:
    """Answer the text of ``event``; ask ``may_answer`` first."""
    confirmation = Confirmation(
        id=answer_id(event),
        sender=event.to,
        phone_index=phone_index,
        phone_sealed=event.sealed_sender,
        text=text,
    )
    await confirmations.create(session, church_id, confirmation)
    await _record(session, church_id, confirmation, about)


async def helped_since(
    session: AsyncSession, church_id: UUID, phone_index: str, since: datetime
) -> bool:
    """Whether this phone got an answer to HELP after ``since``."""
    return await db.exists(
        session,
        """
        SELECT 1 FROM confirmations
         WHERE church_id = :church AND phone_index = :index AND about = 'help'
           AND answered_at > :since
        """,
        {"church": church_id, "index": phone_index, "since": since},
    )


async def church_name(session: AsyncSession, church_id: UUID) -> str:
    """The name of the church for its members."""
    known = await db.value(
        session,
        str,
        "SELECT name FROM churches WHERE church_id = :church",
        {"church": church_id},
    )
    return wording.NAMELESS if known is None else known


async def help_contact(session: AsyncSession, church_id: UUID) -> str | None:
    """Whom an answer to HELP names."""
    return (await texting_rules.current(session, church_id)).help_contact


async def may_answer(
    session: AsyncSession,
    church_id: UUID,
    event: Heard,
    phone_index: str,
    about: About,
) -> bool:
    """Whether we can answer, and the phone has not had too many answers of ours."""
    if await senders.usable(session, church_id, event.to) is None:
        log.warning("confirmation.number_gone", event_id=str(event.id))
        return False
    now = clock.now()
    row = await db.first(
        session,
        _Recent,
        """
        SELECT count(*) AS answers,
               count(*) FILTER (WHERE about = :about AND answered_at > :twin) AS same
          FROM confirmations
         WHERE church_id = :church AND phone_index = :index AND answered_at > :hour_ago
        """,
        {
            "church": church_id,
            "index": phone_index,
            "about": about,
            "hour_ago": now - HOUR,
            "twin": now - TWIN,
        },
    )
    assert row is not None
    allowed = row.answers < MOST_IN_AN_HOUR and (not row.same or about is not About.HELP)
    if not allowed:
        log.info("confirmation.withheld", about=about, answers=row.answers)
    return allowed


async def _record(
    session: AsyncSession, church_id: UUID, confirmation: Confirmation, about: About
) -> None:
    await db.run(
        session,
        """
        INSERT INTO confirmations (church_id, phone_index, message_id, about, answered_at)
        VALUES (:church, :index, :message, :about, :now)
        """,
        {
            "church": church_id,
            "index": confirmation.phone_index,
            "message": confirmation.id,
            "about": about,
            "now": clock.now(),
        },
    )
