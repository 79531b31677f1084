"""What another system says of consent goes into the ledger: who agreed, and who wants no texts."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db
from koinonia.messaging.people.consent import ledger
from koinonia.messaging.people.consent.entries import Attestation, ConsentKind, Entry
from koinonia.messaging.people.upserts.upsert_entries import Entry as Said


class _State(NamedTuple):
    phone_index: str
    state: str


async def record(
    session: AsyncSession,
    church_id: UUID,
    said: Sequence[Said],
    attested: Attestation,
    stop_words: str,
) -> None:
    """Grant where nothing is known, and revoke where it is not revoked already; ``stop_words``
    are the sealed words of a revocation. A phone that one row opts out is granted by none."""
    out = {each.phone_index: each.phone_sealed for each in said if each.opts_out}
    willing = {
        each.phone_index: each.phone_sealed
        for each in said
        if each.consents and each.phone_index not in out
    }
    if not out and not willing:
        return
    states = await _states(session, church_id, [*out, *willing])
    revoked = {index for index in sorted(out) if states.get(index) != "revoked"}
    granted = {index: sealed for index, sealed in willing.items() if index not in states}
    await ledger.grant(session, church_id, granted, attested)
    now = clock.now()
    await ledger.append(
        session,
        church_id,
        [
            Entry(
                phone_index=index,
                phone_sealed=out[index],
                kind=ConsentKind.REVOKED,
                method=attested.method,
                at=now,
                words=stop_words,
                actor_id=attested.actor_id,
                address=attested.address,
            )
            for index in sorted(revoked)
        ],
    )
    for each in said:
        if each.phone_index in (revoked if each.opts_out else granted):
            each.touch()


async def _states(session: AsyncSession, church_id: UUID, indexes: Sequence[str]) -> dict[str, str]:
    found = await db.rows(
        session,
        _State,
        """
        SELECT phone_index, state FROM consents
         WHERE church_id = :church AND phone_index = ANY(CAST(:indexes AS text[]))
        """,
        {"church": church_id, "indexes": list(indexes)},
    )
    return {each.phone_index: each.state for each in found}
