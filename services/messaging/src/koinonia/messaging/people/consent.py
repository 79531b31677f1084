"""Who may be texted: STOP and START as people say them, kept per phone and church.

The newest word counts, by the time the carrier received it and not by the order in which texts
reach us; at the same instant STOP wins. The carrier answers keywords itself, so we do not.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db, outbox
from koinonia.common.events.messaging import MemberOptedIn, MemberOptedOut
from koinonia.common.events.webhooks import CarrierMessageReceived
from koinonia.common.phone import Phones
from koinonia.messaging.numbers import routes
from koinonia.messaging.people.optout import meaning
from koinonia.messaging.people.optout.meaning import Meaning

log = structlog.get_logger()


class Source(StrEnum):
    """Who told us."""

    KEYWORD = "keyword"
    CARRIER = "carrier"
    STAFF = "staff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What somebody said from a phone, and when the carrier received it."""

    phone_index: str
    phone_sealed: str
    at: datetime
    source: Source
    event_id: UUID | None = None


async def note(session: AsyncSession, event: CarrierMessageReceived, phones: Phones) -> None:
    """An inbound text may be a STOP or a START; its church is the owner of the number it hit."""
    church_id = await routes.owner(session, event.to, event.received_at)
    if church_id is None:
        log.warning("inbound.number_unknown", carrier_message_id=event.carrier_message_id)
        return
    await db.enter_church(session, church_id)
    word = Word(
        phone_index=phones.index(church_id, phones.open(event.sealed_sender)),
        phone_sealed=event.sealed_sender,
        at=event.received_at,
        source=Source.CARRIER if event.opt_out_type else Source.KEYWORD,
        event_id=event.id,
    )
    said = _said(event)
    if said.stops:
        await stop(session, church_id, word)
    elif said is Meaning.START:
        await start(session, church_id, word)


async def stop(session: AsyncSession, church_id: UUID, word: Word) -> None:
    """From now on this church does not text the phone, unless a later START was heard."""
    known = await _state(session, church_id, word.phone_index)
    if known is not None and known.changed_at > word.at:
        return
    still = known is not None and known.lifted_at is None
    since = known.opted_out_at if known is not None and still else word.at
    await _write(session, church_id, word, opted_out_at=since, lifted_at=None)
    if not still:
        await outbox.add(session, MemberOptedOut(church_id=church_id, **_told(word)))


async def start(session: AsyncSession, church_id: UUID, word: Word) -> None:
    """Lifts this church's STOP. Where there is none, the time is kept for one that comes late."""
    known = await _state(session, church_id, word.phone_index)
    if known is not None and known.changed_at >= word.at:
        return
    since = known.opted_out_at if known is not None else None
    await _write(session, church_id, word, opted_out_at=since, lifted_at=word.at)
    if known is not None and known.lifted_at is None:
        await outbox.add(session, MemberOptedIn(church_id=church_id, **_told(word)))


def _said(event: CarrierMessageReceived) -> Meaning:
    """A YES counts as START only where the carrier took it for one: its own block stays
    otherwise, and the YES may answer some question of last week."""
    if event.opt_out_type:
        return Meaning(event.opt_out_type.lower())
    return meaning.meaning(event.text)


def _told(word: Word) -> dict[str, str]:
    return {
        "phone_index": word.phone_index,
        "sealed_phone": word.phone_sealed,
        "source": word.source.value,
    }


async def _state(session: AsyncSession, church_id: UUID, phone_index: str) -> Any | None:
    """What is known of the phone; until the end of the transaction nobody else changes it."""
    await db.run(
        session,
        "SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))",
        {"key": f"consent {church_id} {phone_index}"},
    )
    return await db.first(
        session,
        """
        SELECT opted_out_at, lifted_at, changed_at FROM opt_outs
         WHERE church_id = :church_id AND phone_index = :phone_index
        """,
        {"church_id": church_id, "phone_index": phone_index},
    )


async def _write(
    session: AsyncSession,
    church_id: UUID,
    word: Word,
    *,
    opted_out_at: datetime | None,
    lifted_at: datetime | None,
) -> None:
    await db.run(
        session,
        """
        INSERT INTO opt_outs (church_id, phone_index, phone_sealed, opted_out_at, lifted_at,
                              changed_at, source, source_event_id)
        VALUES (:church_id, :phone_index, :phone_sealed, :opted_out_at, :lifted_at, :at, :source,
                :event_id)
        ON CONFLICT (church_id, phone_index) DO UPDATE
           SET opted_out_at = excluded.opted_out_at, lifted_at = excluded.lifted_at,
               changed_at = excluded.changed_at, source = excluded.source,
               source_event_id = excluded.source_event_id
        """,
        {
            **asdict(word),
            "church_id": church_id,
            "opted_out_at": opted_out_at,
            "lifted_at": lifted_at,
        },
    )
