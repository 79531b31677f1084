"""Texts of people, into the threads of their phones."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.carriers import group_texts
from koinonia.common import clock, db, outbox
from koinonia.common.events import Event
from koinonia.common.events.conversation import ConversationsBegun
from koinonia.common.events.ingress import CarrierMessageReceived
from koinonia.common.phone import Phones
from koinonia.conversation import due_work, list_cache
from koinonia.conversation.inbound import arrivals, group_announcements, parked_texts
from koinonia.conversation.inbound.arrivals import Arrival, Key, Placed
from koinonia.conversation.media import inbound_files
from koinonia.conversation.projections import number_routes
from koinonia.conversation.projections.number_routes import Asked, Owner
from koinonia.conversation.running import Running
from koinonia.conversation.threads import (
    line_participants,
    media_summary,
    phone_pieces,
    threads,
    updates,
)
from koinonia.conversation.threads.threads import Message
from koinonia.conversation.threads.vocabulary import RECEIVED, Direction, Reason, Status

log = structlog.get_logger()


async def receive(
    running: Running, session: AsyncSession, events: Sequence[CarrierMessageReceived]
) -> None:
    """Give each text to whoever had our number when the carrier received it, or park it. A group
    text is for each church that had a number among those it went to."""
    phones = running.phones
    ordered = sorted(await _arrivals(session, events, phones), key=_church)
    told: list[Event] = []
    for church_id, own in groupby(ordered, key=_church):
        await db.enter_church(session, church_id)
        list_cache.forget(session, church_id)
        for together in arrivals.rounds(own):
            told += await _take_in(session, church_id, together, phones)
    await outbox.add(session, *told)


def _church(arrival: Arrival) -> UUID:
    return arrival.owner.church_id


async def _arrivals(
    session: AsyncSession, events: Sequence[CarrierMessageReceived], phones: Phones
) -> list[Arrival]:
    numbers = {event.id: group_texts.numbers(event, phones) for event in events}
    known = await number_routes.owners_at(
        session,
        [Asked(number, event.received_at) for event in events for number in numbers[event.id]],
    )
    found: list[Arrival] = []
    for event in events:
        owners = {
            number: owner
            for number in numbers[event.id]
            if (owner := known.get(Asked(number, event.received_at)))
        }
        if not owners or (event.to and event.to not in owners):
            await parked_texts.park(session, event, phones)
            log.warning("inbound.parked", carrier=event.carrier)
        churches = {number: owner.church_id for number, owner in owners.items()}
        found += [
            _arrival(own, owners[own.to], phones, event.to)
            for _, own in group_texts.of_churches(event, churches, phones)
        ]
    return found


def _arrival(event: CarrierMessageReceived, owner: Owner, phones: Phones, via: str) -> Arrival:
    message = Message(
        id=db.uuid7(),
        church_id=owner.church_id,
        direction=Direction.INBOUND,
        content=event.text.replace("\0", ""),  # PostgreSQL's text cannot hold it
        media_urls=event.media_urls,
        status=RECEIVED,
        occurred_at=_no_later_than_now(event.received_at),
        media=media_summary.by_declared(event.content_types),
        participants=len(event.sealed_group),
    )
    index = phones.index(owner.church_id, phones.open(event.sealed_sender))
    return Arrival(event, owner, via, index, message)


async def _take_in(
    session: AsyncSession, church_id: UUID, together: Sequence[Arrival], phones: Phones
) -> list[Event]:
    """Texts of several threads of a church; returns what is to be told. One that the carrier
    announced before under another id changes nothing."""
    known = await arrivals.add_lines(session, church_id, together)
    fresh = [
        each
        for each in together
        if each.key not in known or await _is_added(session, known[each.key], each, phones)
    ]
    if not fresh:
        return []
    counted = await arrivals.count(session, church_id, fresh, known)
    begun = {thread.id: thread.phone_sealed for thread in counted.values() if thread.is_new}
    if begun:
        await phone_pieces.store(session, church_id, phones, begun)
    taken = [
        each
        for each in fresh
        if each.key in known
        or (each.key in counted and await _begins(session, counted[each.key], each, phones))
    ]
    await _register(session, taken, known)
    events = [_update(each, known.get(each.key), counted[each.key]) for each in taken]
    told = [*events, *_begun(church_id, (counted[each.key] for each in taken))]
    if late := [each for each in fresh if each.key not in counted]:
        told += await _take_in(session, church_id, late, phones)  # now their threads are there
    return told


async def _is_added(
    session: AsyncSession, thread: Placed, arrival: Arrival, phones: Phones
) -> bool:
    """Whether the text has a line now that it had not before."""
    if not arrival.is_group:
        return thread.is_added
    event, message, church_id = arrival.event, arrival.message, thread.church_id
    text_key = group_announcements.key(church_id, event, phones)
    line_id = await group_announcements.announced_before(
        session, church_id, event, arrival.via, text_key
    )
    is_new = line_id is None and await arrivals.add_line(session, thread, arrival)
    if is_new:
        await line_participants.record(session, message, event.sealed_group, phones)
    if is_new or line_id:
        line_id = line_id or message.id
        await group_announcements.record(session, church_id, event, arrival.via, text_key, line_id)
    return is_new


async def _begins(session: AsyncSession, thread: Placed, arrival: Arrival, phones: Phones) -> bool:
    """Whether the thread began with the text. Where the carrier announced the text before, under
    another id, in a thread that was merged into another since, it began for nothing."""
    if await _is_added(session, thread, arrival, phones):
        return True
    await threads.remove(session, thread)
    return False


async def _register(
    session: AsyncSession, taken: Iterable[Arrival], known: Mapping[Key, Placed]
) -> None:
    """What is to be done about the texts later, and no more about their threads."""
    for each in taken:
        await inbound_files.register(session, each.message, each.event.content_types)
        thread = known.get(each.key)
        if thread and thread.snoozed_until is not None:
            await due_work.drop(session, due_work.Kind.SNOOZE, thread.id)


def _update(arrival: Arrival, before: Placed | None, after: Placed) -> Event:
    return updates.update(
        before or after,
        Reason.RECEIVED,
        arrival.message,
        is_new=after.is_new,
        status=Status.OPEN,
        unread_count=after.unread_count,
    )


def _begun(church_id: UUID, found: Iterable[Placed]) -> list[Event]:
    """All that began, in one event."""
    each = [updates.begun(thread, thread.phone_index) for thread in found if thread.is_new]
    conversations = [one for event in each for one in event.conversations]
    if not conversations:
        return []
    return [ConversationsBegun(church_id=church_id, conversations=conversations)]


def _no_later_than_now(at: datetime) -> datetime:
    """A carrier's clock that is ahead would keep its text on top of the list."""
    return min(at, clock.now())
