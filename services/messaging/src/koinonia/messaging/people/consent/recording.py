"""What people told staff: by voice, by mail, on a form."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, phone
from koinonia.common.phone import Phones
from koinonia.messaging.people import members
from koinonia.messaging.people.consent import ledger, sealing
from koinonia.messaging.people.consent.entries import Entry, Kind, Method
from koinonia.messaging.people.consent.errors import (
    InTheFuture,
    NoReason,
    NotOnePhone,
    StopIsTheirs,
)

CLOCKS_DIFFER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What staff heard, from whom they know it, and who of the staff."""

    kind: Kind
    method: Method
    words: str | None = field(default=None, repr=False)
    note: str | None = field(default=None, repr=False)
    at: datetime | None = None
    actor_id: UUID
    address: str | None


@dataclass(frozen=True, slots=True)
class Phone:
    index: str
    sealed: str = field(repr=False)


async def phone_of(
    session: AsyncSession,
    church_id: UUID,
    number: str | None,
    member_id: UUID | None,
    phones: Phones,
) -> Phone:
    """The phone that is meant, by itself or as that of a member."""
    if (number is None) == (member_id is None):
        raise NotOnePhone
    if member_id is not None:
        member = await members.one(session, member_id)
        return Phone(member.phone_index, member.phone_sealed)
    parsed = phone.parse(number or "")
    return Phone(phones.index(church_id, parsed), phones.seal(parsed))


async def record(
    session: AsyncSession, church_id: UUID, of: Phone, said: Said, phones: Phones
) -> None:
    """Put it into the ledger; raises ``StopIsTheirs`` where staff have no say."""
    now = clock.now()
    if not (said.words or "").strip() and not (said.note or "").strip():
        raise NoReason
    if said.at and said.at > now + CLOCKS_DIFFER:
        raise InTheFuture
    await ledger.turn(session, church_id, of.index)
    known = await ledger.state(session, church_id, of.index)
    grants = said.kind is not Kind.REVOKED
    if grants and known and known.is_revoked and known.is_own:
        raise StopIsTheirs
    entry = Entry(
        phone_index=of.index,
        phone_sealed=of.sealed,
        kind=said.kind,
        method=said.method,
        at=said.at or now,
        words=sealing.sealed(phones, said.words) if said.words else None,
        note=sealing.sealed(phones, said.note) if said.note else None,
        actor_id=said.actor_id,
        address=said.address,
        is_lift=grants,
    )
    await ledger.append(session, church_id, [entry])
