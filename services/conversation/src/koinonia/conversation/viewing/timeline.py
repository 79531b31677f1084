"""All that happened with the phone of a thread, in one order: its lines, the broadcasts that it
was sent, what was said of its consent, who of its people came into groups and left them.

Lines and moves are ours, the rest is messaging's, which is asked for one page
(``docs/decisions/0028-the-inbox-asks-messaging.md``). Each of them gives what comes next before the
place where the page begins, so what is cut off here is read again by the next page.
"""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from koinonia.common import db
from koinonia.common.phone import InvalidPhone, parse
from koinonia.conversation.errors import NoSuchConversation
from koinonia.conversation.running import Running
from koinonia.conversation.schemas import AdminName
from koinonia.conversation.threads.vocabulary import Direction
from koinonia.conversation.viewing import thread_queries
from koinonia.conversation.viewing.schemas import Message
from koinonia.conversation.viewing.thread_queries import Place
from koinonia.conversation.viewing.timeline_schemas import (
    BroadcastEntry,
    ConsentEntry,
    GroupEntry,
    Ledger,
    NoteEntry,
    Received,
    ReceivedPage,
    Said,
    TextEntry,
    TimelineEntry,
    TimelineKind,
)

DIRECTIONS = {
    TimelineKind.TEXT: (Direction.INBOUND, Direction.OUTBOUND),
    TimelineKind.NOTE: (Direction.NOTE,),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Up to ``take`` entries of these kinds before a place, the newest first."""

    kinds: Collection[TimelineKind]
    before: Place | None
    take: int


class _Phone(NamedTuple):
    thread_id: UUID
    phone_index: str
    phone_sealed: str


class _Move(NamedTuple):
    id: UUID
    at: datetime
    member_id: UUID
    group_id: UUID
    group_name: str | None
    is_in: bool
    admin_id: UUID | None


class _Name(NamedTuple):
    admin_id: UUID
    first_name: str | None
    last_name: str | None


@dataclass(frozen=True, slots=True)
class _Elsewhere:
    """What messaging has."""

    broadcasts: Sequence[Received] = field(default=())
    consent: Sequence[Said] = field(default=())


async def entries(
    running: Running, church_id: UUID, token: str, thread_id: UUID, wanted: Wanted
) -> list[TimelineEntry]:
    """Raises ``NoSuchConversation`` and ``MessagingAway``. No transaction waits for messaging."""
    async with running.database.read(church_id) as session:
        phone = await _phone(session, church_id, thread_id)
    elsewhere = await _elsewhere(running, token, phone, wanted)
    async with running.database.read(church_id) as session:
        lines = await _lines(session, running, church_id, phone, wanted)
        moves = await _moves(session, church_id, phone, wanted)
        doers = [each.admin_id for each in moves]
        doers += [each.created_by for each in elsewhere.broadcasts]
        doers += [each.actor_id for each in elsewhere.consent]
        names = await _names(session, church_id, {each for each in doers if each})
    found: list[TimelineEntry] = [
        *lines,
        *(_group(each, names) for each in moves),
        *(_broadcast(each, names) for each in elsewhere.broadcasts),
        *(_consent(each, names) for each in elsewhere.consent),
    ]
    return sorted(found, key=place, reverse=True)[: wanted.take]


def place(entry: TimelineEntry) -> Place:
    return entry.at, entry.id


async def _phone(session: db.Session, church_id: UUID, thread_id: UUID) -> _Phone:
    return await db.one(
        session,
        _Phone,
        f"""
        SELECT id AS thread_id, phone_index, phone_sealed FROM conversations
         WHERE church_id = :church AND id = ({thread_queries.GONE_INTO})
        """,
        {"church": church_id, "id": thread_id},
        missing=NoSuchConversation,
    )


async def _elsewhere(running: Running, token: str, phone: _Phone, wanted: Wanted) -> _Elsewhere:
    number, messaging = running.phones.open(phone.phone_sealed), running.messaging
    if not _can_be_texted(number):
        return _Elsewhere()

    async def broadcasts() -> list[Received]:
        if TimelineKind.BROADCAST not in wanted.kinds:
            return []
        found = await messaging.received(token, number, before=wanted.before, limit=wanted.take)
        return ReceivedPage.model_validate(found).data

    async def consent() -> list[Said]:
        if TimelineKind.CONSENT not in wanted.kinds:
            return []
        ledger = Ledger.model_validate(await messaging.consent(token, phone=number))
        before = wanted.before
        return [s for s in ledger.history if before is None or (s.occurred_at, s.id) < before]

    return _Elsewhere(*await asyncio.gather(broadcasts(), consent()))


def _can_be_texted(number: str) -> bool:
    """Others than people write too, from short codes and mail addresses."""
    try:
        parse(number)
    except InvalidPhone:
        return False
    return True


async def _lines(
    session: db.Session, running: Running, church_id: UUID, phone: _Phone, wanted: Wanted
) -> list[TextEntry | NoteEntry]:
    directions = [each for kind in wanted.kinds for each in DIRECTIONS.get(kind, ())]
    if not directions:
        return []
    found = await thread_queries.messages(
        session,
        church_id,
        phone.thread_id,
        before=wanted.before,
        take=wanted.take,
        directions=directions,
    )
    return [_line(Message.from_line(each, running, church_id)) for each in found]


def _line(line: Message) -> TextEntry | NoteEntry:
    if line.direction is Direction.NOTE:
        return NoteEntry(id=line.id, at=line.created_at, kind=TimelineKind.NOTE, line=line)
    return TextEntry(id=line.id, at=line.created_at, kind=TimelineKind.TEXT, line=line)


async def _moves(
    session: db.Session, church_id: UUID, phone: _Phone, wanted: Wanted
) -> list[_Move]:
    """Of each of those known on the phone the newest (group_moves_pkey)."""
    if TimelineKind.GROUP not in wanted.kinds:
        return []
    earlier = "AND (moved_at, id) < (:before_at, :before_id)" if wanted.before else ""
    before_at, before_id = wanted.before or (None, None)
    return await db.rows(
        session,
        _Move,
        f"""
        SELECT m.id, m.moved_at AS at, m.member_id, m.group_id, m.group_name, m.is_in, m.admin_id
          FROM known_people AS c
         CROSS JOIN LATERAL (
               SELECT * FROM group_moves
                WHERE church_id = c.church_id AND member_id = c.member_id {earlier}
                ORDER BY moved_at DESC, id DESC LIMIT :take) AS m
         WHERE c.church_id = :church AND c.phone_index = :index
         ORDER BY m.moved_at DESC, m.id DESC LIMIT :take
        """,
        {
            "church": church_id,
            "index": phone.phone_index,
            "take": wanted.take,
            **({"before_at": before_at, "before_id": before_id} if wanted.before else {}),
        },
    )


async def _names(
    session: db.Session, church_id: UUID, admin_ids: Collection[UUID]
) -> dict[UUID, AdminName]:
    """Of who left as well (team_pkey)."""
    if not admin_ids:
        return {}
    found = await db.rows(
        session,
        _Name,
        """
        SELECT admin_id, first_name, last_name FROM team
         WHERE church_id = :church AND admin_id = ANY(CAST(:ids AS uuid[]))
        """,
        {"church": church_id, "ids": list(admin_ids)},
    )
    return {
        each.admin_id: AdminName(
            id=each.admin_id, first_name=each.first_name, last_name=each.last_name
        )
        for each in found
    }


def _doer(admin_id: UUID | None, names: dict[UUID, AdminName]) -> AdminName | None:
    if admin_id is None:
        return None
    return names.get(admin_id) or AdminName(id=admin_id, first_name=None, last_name=None)


def _group(move: _Move, names: dict[UUID, AdminName]) -> GroupEntry:
    return GroupEntry(
        id=move.id,
        at=move.at,
        kind=TimelineKind.GROUP,
        joined=move.is_in,
        member_id=move.member_id,
        group_id=move.group_id,
        group_name=move.group_name,
        by=_doer(move.admin_id, names),
    )


def _broadcast(text: Received, names: dict[UUID, AdminName]) -> BroadcastEntry:
    same = text.model_dump(exclude={"message_id", "created_at", "created_by"})
    return BroadcastEntry(
        id=text.message_id,
        at=text.created_at,
        kind=TimelineKind.BROADCAST,
        by=_doer(text.created_by, names),
        **same,
    )


def _consent(said: Said, names: dict[UUID, AdminName]) -> ConsentEntry:
    same = said.model_dump(exclude={"id", "occurred_at", "kind", "actor_id"})
    return ConsentEntry(
        id=said.id,
        at=said.occurred_at,
        kind=TimelineKind.CONSENT,
        decision=said.kind,
        by=_doer(said.actor_id, names),
        **same,
    )
