"""Who is answering a thread, as staff see it: beginnings and ends are told on the stream."""

from collections import defaultdict
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db, outbox
from koinonia.common.events.conversation import PresenceChanged
from koinonia.common.identity import Identity
from koinonia.conversation.answering_leases import Lapsed
from koinonia.conversation.projections import team
from koinonia.conversation.running import Running
from koinonia.conversation.threads import threads

AT_ONCE = 200


class Present(NamedTuple):
    """Somebody who answers the thread; the names as far as they are known."""

    id: UUID
    first_name: str | None
    last_name: str | None
    expires_at: datetime


async def begin(
    running: Running, session: AsyncSession, admin: Identity, thread_id: UUID
) -> datetime | None:
    """Begin, or go on. Returns until when it holds; None while Redis is away. Raises
    ``NoSuchConversation``."""
    await threads.unlocked(session, admin.church_id, thread_id)
    held = await running.answering.hold(admin.church_id, thread_id, admin.admin_id)
    if held is None:
        return None
    events = [_ended(admin.church_id, each, admin.admin_id) for each in held.ended]
    if held.is_new:
        events.append(
            PresenceChanged(
                church_id=admin.church_id,
                conversation_id=thread_id,
                admin_id=admin.admin_id,
                is_answering=True,
                expires_at=held.expires_at,
            )
        )
    await outbox.add(session, *events)
    return held.expires_at


async def end(running: Running, session: AsyncSession, admin: Identity, thread_id: UUID) -> None:
    """They answered it, or gave it up."""
    if await running.answering.end(admin.church_id, thread_id, admin.admin_id):
        await outbox.add(session, _ended(admin.church_id, thread_id, admin.admin_id))


async def give_up(
    running: Running, session: AsyncSession, admin: Identity, thread_id: UUID
) -> None:
    """Raises ``NoSuchConversation``, as :func:`begin` does."""
    await threads.unlocked(session, admin.church_id, thread_id)
    await end(running, session, admin, thread_id)


async def present(
    running: Running, session: db.Session, church_id: UUID, thread_id: UUID
) -> list[Present]:
    """Who answers the thread now; nobody who may not answer any more."""
    found = []
    for each in await running.answering.shown(church_id, thread_id):
        known = await team.colleague(session, church_id, each.admin_id)
        if known is None:
            found.append(Present(each.admin_id, None, None, each.expires_at))
        elif known.may_answer:
            names = known.first_name, known.last_name
            found.append(Present(each.admin_id, *names, each.expires_at))
    return found


async def end_lapsed(running: Running) -> None:
    """The loop: tell of those that ended by themselves."""
    while not running.stop.is_set() and (lapsed := await running.answering.lapsed(AT_ONCE)):
        await _tell(running.database, lapsed)


async def _tell(database: db.Database, lapsed: list[Lapsed]) -> None:
    by_church = defaultdict[UUID, list[PresenceChanged]](list)
    for each in lapsed:
        by_church[each.church_id].append(_ended(*each))
    for church_id, events in by_church.items():
        async with database.transaction(church_id) as session:
            await outbox.add(session, *events)


def _ended(church_id: UUID, thread_id: UUID, admin_id: UUID) -> PresenceChanged:
    return PresenceChanged(
        church_id=church_id, conversation_id=thread_id, admin_id=admin_id, is_answering=False
    )
