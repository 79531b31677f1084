"""The files of inbound texts: registered with the text, fetched from the carrier by a worker.

A row and its due work are written with the text. Whoever fetches claims the work, holds no
transaction while it fetches and stores, and then settles the file. A crash in between fetches
again: the key of the store is that of the row, so the second object replaces the first.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db
from koinonia.conversation import due_work
from koinonia.conversation.due_work import Kind, Work
from koinonia.conversation.media import file_names, file_rows, inbound_parts, words_events
from koinonia.conversation.media.file_rows import FileStatus, PendingFile
from koinonia.conversation.media.inbound_parts import Part
from koinonia.conversation.running import Running
from koinonia.conversation.threads import media_summary, threads, updates
from koinonia.conversation.threads.vocabulary import Reason
from koinonia.media.fetcher import NotFetched, Outcome
from koinonia.media.store import StoreAway

log = structlog.get_logger()

AT_ONCE = 8
LEASE = timedelta(minutes=3)  # a fetch takes one at the most
PAUSES = [timedelta(seconds=each) for each in (10, 60, 300, 1800, 7200)]
CARRIER_KEEPS = timedelta(days=30)
TOO_LATE = "The file could not be fetched for as long as the carrier kept it."


async def register(
    session: AsyncSession, message: threads.Message, content_types: Sequence[str | None]
) -> None:
    """Record the files of an inbound text that was just taken in, to be fetched at once. The types
    are the carrier's word."""
    if not message.media_urls:
        return
    ids = [db.uuid7() for _ in message.media_urls]
    await db.run(
        session,
        """
        INSERT INTO media_files (id, church_id, message_id, position, source, origin_url,
                                 declared_type, name, status)
        SELECT id, :church, :message, place - 1, 'inbound', url, type, name, 'pending'
          FROM unnest(CAST(:ids AS uuid[]), CAST(:urls AS text[]), CAST(:types AS text[]),
                      CAST(:names AS text[]))
               WITH ORDINALITY AS given (id, url, type, name, place)
        """,
        {
            "church": message.church_id,
            "message": message.id,
            "ids": ids,
            "urls": list(message.media_urls),
            "types": list(content_types),
            "names": list(map(file_names.attachment_name, message.media_urls, content_types)),
        },
    )
    await due_work.put_all(session, Kind.MEDIA, ids, message.church_id, clock.now())


async def fetch_due(running: Running) -> None:
    """The loop: all that is due by now, several at a time; a slow one delays no other."""
    under_way: set[asyncio.Task[None]] = set()
    try:
        while not running.stop.is_set():
            for work in await _claimed(running, AT_ONCE - len(under_way)):
                under_way.add(asyncio.create_task(fetch(running, work.church_id, work.id)))
            if not under_way:
                return
            done, under_way = await asyncio.wait(
                under_way, timeout=1, return_when=asyncio.FIRST_COMPLETED
            )
            for task in done:
                task.result()  # raises when not even the failure could be written
    finally:
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)


async def fetch(running: Running, church_id: UUID, file_id: UUID) -> None:
    """One file, to its end or to the next attempt."""
    try:
        await _fetch(running, church_id, file_id)
    except Exception:  # what nobody foresaw must not come again at once, nor for ever
        log.exception("media.broken", file_id=str(file_id))
        await _retry_later(running, church_id, file_id)


async def _fetch(running: Running, church_id: UUID, file_id: UUID) -> None:
    async with running.database.transaction(church_id) as session:
        pending = await file_rows.pending(session, church_id, file_id)
        if pending is None:
            await due_work.drop(session, Kind.MEDIA, file_id)
            return
    try:
        content = await running.media.fetcher.fetch(pending.origin_url)
        declared = pending.declared_type or media_summary.type_by_address(pending.origin_url)
        part = await inbound_parts.recognised(running.media.images, content, declared, pending.name)
        if part.file is not None:
            object_key = file_rows.key(church_id, file_id)
            await running.media.store.put(object_key, part.content, part.file.kind)
    except NotFetched as failure:
        if failure.outcome is Outcome.AGAIN:
            await _retry_later(running, church_id, file_id)
        else:
            await _settle(running, pending, Part(FileStatus(failure.outcome), failure=str(failure)))
    except StoreAway:
        log.warning("media.store_away")
        await _retry_later(running, church_id, file_id)
    else:
        await _settle(running, pending, part)


async def _settle(running: Running, pending: PendingFile, part: Part) -> None:
    """Write the result and publish it; nothing, where another worker has."""
    church_id = pending.church_id
    async with running.database.transaction(church_id) as session:
        thread_id = await file_rows.thread_id(session, church_id, pending.message_id)
        thread = await threads.locked(session, church_id, thread_id)
        if await file_rows.settle(
            *(session, church_id, pending.id, part.status),
            file=part.file,
            size=len(part.content) if part.file else None,
            failure=part.failure,
            name=part.name,
        ):
            await _tell(session, thread, pending, part)
        await due_work.drop(session, Kind.MEDIA, pending.id)
    log.info("media.settled", file_id=str(pending.id), outcome=part.status)


async def _tell(
    session: AsyncSession, thread: threads.Thread, pending: PendingFile, part: Part
) -> None:
    """Show in the line what the part is. Words mean something, which messaging makes out: a STOP
    may come so."""
    types = await file_rows.content_types(session, thread.church_id, pending.message_id)
    line = await threads.rewrite_line(
        session, thread.church_id, pending.message_id, media_summary.by_types(types), part.words
    )
    await updates.publish(session, thread, Reason.MEDIA, line)
    if part.words:
        await words_events.publish(session, thread, pending.message_id, part.words)


async def _retry_later(running: Running, church_id: UUID, file_id: UUID) -> None:
    """The file is gone where the carrier will not have it any more by then."""
    async with running.database.transaction(church_id) as session:
        pending = await file_rows.count_attempt(session, church_id, file_id)
        if pending is None:
            await due_work.drop(session, Kind.MEDIA, file_id)
            return
        at = _next_attempt(pending.attempts)
        if at < pending.created_at + CARRIER_KEEPS:
            await due_work.put(session, Kind.MEDIA, file_id, church_id, at)
            return
    await _settle(running, pending, Part(FileStatus.GONE, failure=TOO_LATE))


def _next_attempt(attempts: int) -> datetime:
    return clock.now() + PAUSES[min(attempts, len(PAUSES)) - 1]


async def _claimed(running: Running, most: int) -> Sequence[Work]:
    if not most:
        return ()
    async with running.database.transaction() as session:
        return await due_work.claim(session, Kind.MEDIA, most, LEASE)
