"""The number that texts come from, and its profile at the carrier."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.events.messaging import NumberConnection
from koinonia.messaging.errors import NoSuchNumber, NumberCannotSend, NumberDisconnected
from koinonia.messaging.numbers.connections import PROBLEMS, UNUSABLE
from koinonia.messaging.vocabulary import NumberStatus


class NumberChoice(StrEnum):
    """Why a broadcast comes from its number: it was asked for, it is the number of all the groups
    that get it, or it is the church's first."""

    ASKED = "asked"
    GROUP = "group"
    FIRST = "first"


class _State(NamedTuple):
    status: str
    connection: str


class Sender(NamedTuple):
    id: UUID
    phone_number: str
    label: str | None
    carrier: str
    carrier_profile_id: str | None


@dataclass(frozen=True, slots=True)
class Choice:
    sender: Sender
    why: NumberChoice


async def choose(
    session: AsyncSession, church_id: UUID, asked: UUID | None, group_ids: Sequence[UUID]
) -> Choice | None:
    """The number of a broadcast to these groups, or to others (none): the one that was ``asked``
    for, that of the groups if they have the same, or the church's first that is active; None where
    it has none. Raises as :func:`check` does."""
    if asked is not None:
        await check(session, asked)
        return _choice(await _find(session, church_id, "n.id = :id", id=asked), NumberChoice.ASKED)
    if own := await _of_groups(session, group_ids):
        found = await _find(session, church_id, "n.id = :id", id=own)
        if found is not None:
            return Choice(found, NumberChoice.GROUP)
    return _choice(await _find(session, church_id, "true"), NumberChoice.FIRST)


async def check(session: AsyncSession, number_id: UUID) -> None:
    """Raises ``NoSuchNumber``, ``NumberCannotSend`` unless it is active, and ``NumberDisconnected``
    when nobody knows whether texts will ever leave from it."""
    state = await db.one(
        session,
        _State,
        "SELECT status, connection FROM phone_numbers WHERE id = :id",
        {"id": number_id},
        missing=NoSuchNumber,
    )
    if state.status != NumberStatus.ACTIVE:
        raise NumberCannotSend.now(state.status)
    connection = NumberConnection(state.connection)
    if connection in UNUSABLE:
        raise NumberDisconnected(PROBLEMS[connection])


async def is_disconnected(session: AsyncSession, church_id: UUID, phone_number: str) -> bool:
    """Whether the church has this number and cannot send from it."""
    return await db.exists(
        session,
        """
        SELECT 1 FROM phone_numbers
         WHERE church_id = :church AND phone_number = :number AND status = 'active'
           AND connection = ANY(CAST(:unusable AS text[]))
        """,
        {"church": church_id, "number": phone_number, "unusable": list(UNUSABLE)},
    )


async def usable(session: AsyncSession, church_id: UUID, phone_number: str) -> Sender | None:
    """This very number, if the church can send from it now."""
    return await _find(session, church_id, "n.phone_number = :number", number=phone_number)


def _choice(found: Sender | None, why: NumberChoice) -> Choice | None:
    return Choice(found, why) if found else None


async def _of_groups(session: AsyncSession, group_ids: Sequence[UUID]) -> UUID | None:
    """The number that all of them have."""
    if not group_ids:
        return None
    found = await db.rows(
        session,
        _Numbered,
        "SELECT DISTINCT number_id FROM groups WHERE id = ANY(CAST(:ids AS uuid[])) LIMIT 2",
        {"ids": list(group_ids)},
    )
    return found[0].number_id if len(found) == 1 else None


class _Numbered(NamedTuple):
    number_id: UUID | None


async def _find(
    session: AsyncSession, church_id: UUID, condition: str, **parameters: object
) -> Sender | None:
    return await db.first(
        session,
        Sender,
        f"""
        SELECT n.id, n.phone_number, n.label, n.carrier, p.carrier_profile_id
          FROM phone_numbers n
          LEFT JOIN carrier_profiles p ON p.church_id = n.church_id AND p.carrier = n.carrier
         WHERE n.church_id = :church AND n.status = 'active' AND {condition}
           AND n.connection <> ALL(CAST(:unusable AS text[]))
         ORDER BY n.active_at, n.id LIMIT 1
           FOR SHARE OF n  -- so that nobody gives the number up before the message is there
        """,
        {"church": church_id, "unusable": list(UNUSABLE)} | parameters,
    )
