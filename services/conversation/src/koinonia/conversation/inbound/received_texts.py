"""A person's text, into the thread of their phone."""

from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.carriers import group_texts
from koinonia.common import clock, db
from koinonia.common.events.ingress import CarrierMessageReceived
from koinonia.common.phone import Phones
from koinonia.conversation import due_work
from koinonia.conversation.inbound import group_announcements, parked_texts
from koinonia.conversation.media import inbound_files
from koinonia.conversation.projections import number_routes
from koinonia.conversation.projections.number_routes import Owner
from koinonia.conversation.running import Running
from koinonia.conversation.threads import (
    line_participants,
    media_summary,
    phone_pieces,
    read_marks,
    threads,
    updates,
)
from koinonia.conversation.threads.threads import Message, OpenedThread
from koinonia.conversation.threads.vocabulary import RECEIVED, Direction, Reason, Status

log = structlog.get_logger()


async def receive(running: Running, session: AsyncSession, event: CarrierMessageReceived) -> None:
    """Give the text to whoever had our number when the carrier received it, or park it. A group
    text is for each church that had a number among those it went to."""
    phones = running.phones
    numbers = group_texts.numbers(event, phones)
    owners = await number_routes.owners_at(session, numbers, event.received_at)
    if not owners or (event.to and event.to not in owners):
        await parked_texts.park(session, event, phones)
        log.warning("inbound.parked", carrier=event.carrier)
    churches = {number: owner.church_id for number, owner in owners.items()}
    for church_id, own in group_texts.of_churches(event, churches, phones):
        await db.enter_church(session, church_id)
        await _take_in(session, own, owners[own.to], phones, event.to)


async def _take_in(
    session: AsyncSession, event: CarrierMessageReceived, owner: Owner, phones: Phones, via: str
) -> None:
    """``via`` is the number that the carrier named."""
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
    thread = await _open_thread(session, event, owner, phones, message)
    if not await _add_once(session, event, thread.id, message, phones, via):
        # The carrier announced the same text under another id. Its thread may have been merged
        # into another since: then this one began for nothing.
        if thread.is_new:
            await threads.remove(session, thread)
        return
    await inbound_files.register(session, message, event.content_types)
    unread = await _count_unread(session, thread, message)
    await updates.publish(
        session,
        thread,
        Reason.RECEIVED,
        message,
        is_new=thread.is_new,
        status=Status.OPEN,
        unread_count=unread,
    )


async def _open_thread(
    session: AsyncSession,
    event: CarrierMessageReceived,
    owner: Owner,
    phones: Phones,
    message: Message,
) -> OpenedThread:
    """The thread, locked; a new one begins with ``message``, unread. First texts of one phone that
    come at the same time meet here and find one thread."""
    thread = await db.first(
        session,
        OpenedThread,
        f"""
        INSERT INTO conversations (id, church_id, number_id, our_number, phone_index, phone_sealed,
                                   status, unread_count, last_message_at, last_message_id,
                                   last_message_direction, last_message_content,
                                   last_message_status, last_message_media_kind,
                                   last_message_media_count, last_received_at)
        VALUES (:id, :church, :number, :our_number, :index, :sealed,
                'open', 1, :at, :message, 'inbound', :content, 'received',
                :media_kind, :media_count, clock_timestamp())
        ON CONFLICT (church_id, our_number, phone_index)
        DO UPDATE SET number_id = excluded.number_id
        RETURNING {threads.COLUMNS}, id = :id AS is_new
        """,
        {
            "id": db.uuid7(),
            "church": owner.church_id,
            "number": owner.number_id,
            "our_number": event.to,
            "index": phones.index(owner.church_id, phones.open(event.sealed_sender)),
            "sealed": event.sealed_sender,
            "at": message.occurred_at,
            "message": message.id,
            "content": message.content,
            "media_kind": message.media.kind,
            "media_count": message.media.count,
        },
    )
    assert thread is not None
    if thread.is_new:
        sealed = {thread.id: event.sealed_sender}
        await phone_pieces.store(session, owner.church_id, phones, sealed)
    return thread


async def _add_once(
    session: AsyncSession,
    event: CarrierMessageReceived,
    thread_id: UUID,
    message: Message,
    phones: Phones,
    via: str,
) -> bool:
    """Add the line with who else got it; False where the text is there already."""
    if not event.sealed_group:
        return await _add_line(session, event, thread_id, message)
    church_id = message.church_id
    text_key = group_announcements.key(church_id, event, phones)
    known = await group_announcements.announced_before(session, church_id, event, via, text_key)
    is_new = known is None and await _add_line(session, event, thread_id, message)
    if is_new:
        await line_participants.record(session, message, event.sealed_group, phones)
    if is_new or known:
        line_id = known or message.id
        await group_announcements.record(session, church_id, event, via, text_key, line_id)
    return is_new


async def _add_line(
    session: AsyncSession, event: CarrierMessageReceived, thread_id: UUID, message: Message
) -> bool:
    """False where the text is there already."""
    inserted = await db.run(
        session,
        """
        INSERT INTO conversation_messages (id, church_id, conversation_id, direction, content,
                                           media_urls, media_kind, media_count, status, carrier,
                                           carrier_message_id, occurred_at, is_read)
        VALUES (:id, :church, :thread, 'inbound', :content, CAST(:media AS text[]), :media_kind,
                :media_count, 'received', :carrier, :carrier_message, :at, false)
        ON CONFLICT (church_id, carrier, carrier_message_id) DO NOTHING
        """,
        {
            "id": message.id,
            "church": message.church_id,
            "thread": thread_id,
            "content": message.content,
            "media": list(message.media_urls),
            "media_kind": message.media.kind,
            "media_count": message.media.count,
            "carrier": event.carrier,
            "carrier_message": event.carrier_message_id,
            "at": message.occurred_at,
        },
    )
    return inserted == 1


async def _count_unread(session: AsyncSession, thread: OpenedThread, message: Message) -> int:
    """One more is unread, the thread is open, and the text is its last message unless a newer one
    is there: in one statement, because each moves the thread in all its lists. Returns how many are
    unread."""
    if thread.is_new:
        return thread.unread_count
    unread = thread.unread_count + 1
    await db.run(
        session,
        f"""
        UPDATE conversations AS c
           SET unread_count = :unread, status = 'open', snoozed_until = NULL,
               last_received_at = {read_marks.NEXT_RECEIVED_AT},
               (last_message_at, last_message_id, last_message_direction, last_message_content,
                last_message_status, last_message_media_kind, last_message_media_count) = (
                SELECT * FROM (VALUES
                       (CAST(:at AS timestamptz), CAST(:message AS uuid), 'inbound',
                        CAST(:content AS text), 'received', CAST(:media_kind AS text),
                        CAST(:media_count AS integer)),
                       (c.last_message_at, c.last_message_id, c.last_message_direction,
                        c.last_message_content, c.last_message_status,
                        c.last_message_media_kind, c.last_message_media_count)
                       ) AS line (at, id)
                 ORDER BY line.id = c.id, at DESC, line.id DESC LIMIT 1)
         WHERE id = :id
        """,
        {
            "id": thread.id,
            "unread": unread,
            "at": message.occurred_at,
            "message": message.id,
            "content": message.content,
            "media_kind": message.media.kind,
            "media_count": message.media.count,
        },
    )
    if thread.snoozed_until is not None:
        await due_work.drop(session, due_work.Kind.SNOOZE, thread.id)
    return unread


def _no_later_than_now(at: datetime) -> datetime:
    """A carrier's clock that is ahead would keep its text on top of the list."""
    return min(at, clock.now())
