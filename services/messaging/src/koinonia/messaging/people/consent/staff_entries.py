"""Entries that staff record: what people told them by voice, by mail or on a form."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db, phone, visible_text
from koinonia.common.phone import Phones
from koinonia.messaging.errors import NoSuchMember
from koinonia.messaging.people.consent import ledger, sealed_words
from koinonia.messaging.people.consent.entries import ConsentKind, ConsentMethod, Entry
from koinonia.messaging.people.consent.errors import (
    InTheFuture,
    NoReason,
    NotOnePhone,
    StopIsTheirs,
    TooLongAgo,
)

CLOCKS_DIFFER = timedelta(minutes=5)
FIRST_CONSENT = datetime(2000, 1, 1, tzinfo=UTC)  # of any church to any text


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a person told staff, how staff know, and who of the staff records it."""

    kind: ConsentKind
    method: ConsentMethod
    words: str | None = field(default=None, repr=False)
    note: str | None = field(default=None, repr=False)
    at: datetime | None = None
    actor_id: UUID
    address: str | None


class Phone(NamedTuple):
    phone_index: str
    phone_sealed: str


async def chosen_phone(
    session: db.Session,
    church_id: UUID,
    number: str | None,
    member_id: UUID | None,
    phones: Phones,
) -> Phone:
    """The phone of a request, given as a number or as a member."""
    if (number is None) == (member_id is None):
        raise NotOnePhone
    if member_id is not None:
        return await db.one(
            session,
            Phone,
            "SELECT phone_index, phone_sealed FROM members WHERE id = :id",
            {"id": member_id},
            missing=NoSuchMember,
        )
    parsed = phone.parse(number or "")
    return Phone(phones.index(church_id, parsed), phones.seal(parsed))


def check_time(at: datetime) -> None:
    """When somebody said so is neither to come, but for clocks that differ, nor before there were
    such texts; it is kept as it was given. Raises ``InTheFuture`` and ``TooLongAgo``."""
    if at > clock.now() + CLOCKS_DIFFER:
        raise InTheFuture
    if at < FIRST_CONSENT:
        raise TooLongAgo


async def record(
    session: AsyncSession, church_id: UUID, chosen: Phone, said: Said, phones: Phones
) -> None:
    """Write it into the ledger; raises ``StopIsTheirs`` where only the phone itself may say so."""
    now = clock.now()
    if visible_text.is_empty((said.words or "") + (said.note or "")):
        raise NoReason
    check_time(said.at or now)
    await ledger.lock_phone(session, church_id, chosen.phone_index)
    known = await ledger.state(session, church_id, chosen.phone_index)
    grants = said.kind is not ConsentKind.REVOKED
    if grants and known and known.is_revoked and known.is_own:
        raise StopIsTheirs
    entry = Entry(
        phone_index=chosen.phone_index,
        phone_sealed=chosen.phone_sealed,
        kind=said.kind,
        method=said.method,
        at=said.at or now,
        words=sealed_words.sealed(phones, said.words) if said.words else None,
        note=sealed_words.sealed(phones, said.note) if said.note else None,
        actor_id=said.actor_id,
        address=said.address,
        is_lift=grants,
    )
    await ledger.append(session, church_id, [entry])
