"""Whether a STOP, START or HELP gets an answer of ours, which, and how often.

A carrier that matched the keyword has answered it. Machines that answer each other would do so
without end: a phone gets at most five automatic answers in an hour, and one to a HELP that its
network passed on twice.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid5

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db
from koinonia.common.events.ingress import CarrierMessageReceived
from koinonia.messaging.broadcasts.accepting import confirmations
from koinonia.messaging.broadcasts.accepting.confirmations import Confirmation
from koinonia.messaging.numbers import senders
from koinonia.messaging.people.consent import wording
from koinonia.messaging.timing import texting_rules

log = structlog.get_logger()

HOUR, TWIN = timedelta(hours=1), timedelta(seconds=10)
MOST_IN_AN_HOUR = 5
HELP_WHILE_STOPPED = timedelta(days=1)


class About(StrEnum):
    STOP = "stop"
    START = "start"
    HELP = "help"
    MINISTRY = "ministry"


def id_of(event: CarrierMessageReceived) -> UUID:
    """The message that answers this text, whoever works it out and how often."""
    return uuid5(event.id, "confirmation")


async def give(
    session: AsyncSession,
    church_id: UUID,
    event: CarrierMessageReceived,
    phone_index: str,
    about: About,
    text: str,
) -> None:
    """Answer the text of ``event``, whose phone ``may`` be answered."""
    confirmation = Confirmation(
        id=id_of(event),
        sender=event.to,
        phone_index=phone_index,
        phone_sealed=event.sealed_sender,
        text=text,
    )
    await confirmations.create(session, church_id, confirmation)
    await _note(session, church_id, confirmation, about)


async def helped_since(
    session: AsyncSession, church_id: UUID, phone_index: str, since: datetime
) -> bool:
    """Whether this phone was told of HELP after ``since``."""
    found = await db.untyped_first(
        session,
        """
        SELECT 1 FROM confirmations
         WHERE church_id = :church AND phone_index = :index AND about = 'help'
           AND answered_at > :since
        """,
        {"church": church_id, "index": phone_index, "since": since},
    )
    return found is not None


async def name(session: AsyncSession, church_id: UUID) -> str:
    """The church as its members know it."""
    row = await db.untyped_first(
        session, "SELECT name FROM churches WHERE church_id = :church", {"church": church_id}
    )
    return row.name if row else wording.NAMELESS


async def contact(session: AsyncSession, church_id: UUID) -> str | None:
    """Whom HELP names."""
    return (await texting_rules.of(session, church_id)).help_contact


async def may(
    session: AsyncSession,
    church_id: UUID,
    event: CarrierMessageReceived,
    phone_index: str,
    about: About,
) -> bool:
    """Whether we can answer, and the phone has not had enough answers of ours."""
    if await senders.usable(session, church_id, event.to) is None:
        log.warning("confirmation.number_gone", event_id=str(event.id))
        return False
    now = clock.now()
    row = await db.untyped_first(
        session,
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


async def _note(
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
