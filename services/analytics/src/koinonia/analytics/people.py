"""How many members a church has, and how many of their conversations are open."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.analytics import dashboard, event_log, totals
from koinonia.analytics.running import Running
from koinonia.common import db
from koinonia.common.events import ChurchEvent, by_church
from koinonia.common.events.conversation import ConversationUpdated
from koinonia.common.events.messaging import MemberCreated, MemberRemoved

OPEN = "open"


async def count_joined(
    running: Running, session: AsyncSession, events: Sequence[MemberCreated]
) -> None:
    for church_id, joined in by_church(events):
        members = sum(len(event.members) for event in joined)
        await _count(running, session, church_id, joined, members)


async def count_left(
    running: Running, session: AsyncSession, events: Sequence[MemberRemoved]
) -> None:
    for church_id, left in by_church(events):
        members = sum(len(event.member_ids) for event in left)
        await _count(running, session, church_id, left, -members)


async def _count(
    running: Running,
    session: AsyncSession,
    church_id: UUID,
    events: Sequence[ChurchEvent],
    members: int,
) -> None:
    await db.enter_church(session, church_id)
    await event_log.record(session, events)
    await totals.add(session, church_id, members=members)
    dashboard.invalidate(session, running.cache, church_id)


async def count_open_conversations(
    running: Running, session: AsyncSession, events: Sequence[ConversationUpdated]
) -> None:
    await event_log.record(session, events)
    opened: Counter[UUID] = Counter()
    for event in events:
        opened[event.church_id] += _opened(event)
    moved = {church_id: number for church_id, number in opened.items() if number}
    if moved:
        await totals.add_open_conversations(session, moved)
        for church_id in moved:
            dashboard.invalidate(session, running.cache, church_id)


def _opened(update: ConversationUpdated) -> int:
    """1 when the conversation became open, -1 when it no longer is."""
    return (update.status == OPEN) - (update.previous_status == OPEN)
