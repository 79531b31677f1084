"""What a file says of consent goes into the ledger: who agreed, and who does not want texts."""

import asyncio
from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db
from koinonia.messaging.people.consent import ledger
from koinonia.messaging.people.consent.entries import Attestation, ConsentKind, ConsentMethod, Entry
from koinonia.messaging.people.imports.candidates import Gathered, RowOutcome

AT_ONCE = 1_000  # phones of one statement


async def write(
    session: AsyncSession,
    church_id: UUID,
    gathered: Gathered,
    attested: Attestation,
    *,
    grants: bool,
) -> dict[str, UUID]:
    """Returns the entries of the ledger that grant, by phone. Nobody is granted whom a row of the
    file opts out."""
    willing = await asyncio.to_thread(_willing, gathered) if grants else {}
    granted: dict[str, UUID] = {}
    for indexes in _portions(list(willing)):
        phones = {index: willing[index] for index in indexes}
        granted |= await ledger.grant(session, church_id, phones, attested)
    for indexes in _portions(sorted(gathered.refusals)):
        await _refuse(session, church_id, gathered, indexes, attested)
    return granted


def _willing(gathered: Gathered) -> dict[str, str]:
    """The sealed phones by index, in the order in which everybody locks them."""
    agreed = {
        person.phone_index: person.phone_sealed
        for person in gathered.people
        if person.consents and person.line.outcome is not RowOutcome.FAILED
    }
    return {index: agreed[index] for index in sorted(agreed.keys() - gathered.refusals.keys())}


async def _refuse(
    session: AsyncSession,
    church_id: UUID,
    gathered: Gathered,
    indexes: Sequence[str],
    attested: Attestation,
) -> None:
    """The same file twice is one entry: who is known to be out needs none."""
    known = await db.values(
        session,
        str,
        """
        SELECT phone_index FROM consents
         WHERE church_id = :church AND phone_index = ANY(CAST(:indexes AS text[]))
           AND state = 'revoked'
        """,
        {"church": church_id, "indexes": indexes},
    )
    now = clock.now()
    entries = [
        Entry(
            phone_index=index,
            phone_sealed=gathered.refusals[index].phone_sealed,
            kind=ConsentKind.REVOKED,
            method=ConsentMethod.IMPORT,
            at=now,
            words=gathered.refusals[index].words,
            actor_id=attested.actor_id,
            address=attested.address,
        )
        for index in indexes
        if index not in known
    ]
    await ledger.append(session, church_id, entries)


def _portions(indexes: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(indexes), AT_ONCE):
        yield indexes[start : start + AT_ONCE]
