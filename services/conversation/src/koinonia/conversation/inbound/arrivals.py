"""Texts that came in, written into the threads of a church, several at a time.

Two statements, whatever comes: the lines of threads that are there, which are locked, and then the
threads themselves, new ones with their line. Each row is looked for by its key, one by one, so that
a plan from when the tables were empty is good when they are full.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.events.ingress import CarrierMessageReceived
from koinonia.conversation.projections.number_routes import Owner
from koinonia.conversation.threads import read_marks, threads
from koinonia.conversation.threads.threads import Message, OpenedThread

Key = tuple[str, str]
"""Our number and the phone's blind index: a thread of a church."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A text as the church ``owner`` has it. ``via`` is the number that the carrier named."""

    event: CarrierMessageReceived
    owner: Owner
    via: str
    phone_index: str
    message: Message

    @property
    def key(self) -> Key:
        return self.event.to, self.phone_index

    @property
    def is_group(self) -> bool:
        """Then its line is added by itself: it may have come before under another id."""
        return bool(self.event.sealed_group)


@dataclass(frozen=True, slots=True)
class Placed(OpenedThread):
    """A thread, and whether the line of its text was added."""

    is_added: bool

    @property
    def key(self) -> Key:
        return self.our_number, self.phone_index


_GIVEN = """
    given AS MATERIALIZED (
        SELECT * FROM json_to_recordset(CAST(:texts AS json))
            AS given (thread_id uuid, is_known boolean, number_id uuid, our_number text,
                      phone_index text, phone_sealed text, id uuid, content text,
                      media_urls text[], media_kind text, media_count integer, carrier text,
                      carrier_message_id text, at timestamptz, is_line boolean)
    )
"""
_LINES = """
    INSERT INTO conversation_messages (id, church_id, conversation_id, direction, content,
                                       media_urls, media_kind, media_count, status, carrier,
                                       carrier_message_id, occurred_at, is_read)
    SELECT given.id, :church, thread.id, 'inbound', content, media_urls, media_kind, media_count,
           'received', carrier, carrier_message_id, at, false
      FROM given JOIN thread USING (our_number, phone_index)
     WHERE is_line
    ON CONFLICT (church_id, carrier, carrier_message_id) DO NOTHING
    RETURNING conversation_id
"""


async def add_lines(
    session: AsyncSession, church_id: UUID, arrivals: Sequence[Arrival]
) -> dict[Key, Placed]:
    """Lock the threads that are there, in the order of their ids as everyone does, and add their
    lines, unless a text has one already. No two arrivals are of one thread."""
    texts = db.records(_text(each, None) for each in arrivals)
    found = await db.rows(
        session,
        Placed,
        f"""
        WITH {_GIVEN}, found AS MATERIALIZED (
            SELECT c.id FROM given CROSS JOIN LATERAL (
                   SELECT id FROM conversations
                    WHERE church_id = :church AND our_number = given.our_number
                      AND phone_index = given.phone_index OFFSET 0) AS c
             ORDER BY c.id
        ), thread AS MATERIALIZED (
            SELECT c.* FROM found CROSS JOIN LATERAL (
                   SELECT {threads.COLUMNS} FROM conversations
                    WHERE id = found.id FOR UPDATE) AS c
        ), added AS ({_LINES})
        SELECT thread.*, false AS is_new,
               thread.id IN (SELECT conversation_id FROM added) AS is_added
          FROM thread
        """,
        {"church": church_id, "texts": texts},
    )
    return {thread.key: thread for thread in found}


async def count(
    session: AsyncSession,
    church_id: UUID,
    arrivals: Sequence[Arrival],
    known: Mapping[Key, Placed],
) -> dict[Key, Placed]:
    """One more is unread in each thread, it is open, and the text is its last message unless a
    newer one is there: in one statement, because each moves the thread in all its lists. A thread
    that is not ``known`` begins with the text, whose line is added; where it began meanwhile, with
    another text, nothing is done, and it is missing in what is returned."""
    texts = db.records(_text(each, known.get(each.key)) for each in arrivals)
    found = await db.rows(
        session,
        Placed,
        f"""
        WITH {_GIVEN}, thread AS (
            INSERT INTO conversations AS c (
                   id, church_id, number_id, our_number, phone_index, phone_sealed, status,
                   unread_count, last_message_at, last_message_id, last_message_direction,
                   last_message_content, last_message_status, last_message_media_kind,
                   last_message_media_count, last_received_at)
            SELECT thread_id, :church, number_id, our_number, phone_index, phone_sealed, 'open',
                   1, at, id, 'inbound', content, 'received', media_kind, media_count,
                   clock_timestamp()
              FROM given ORDER BY our_number, phone_index
            ON CONFLICT (church_id, our_number, phone_index) DO UPDATE
               SET number_id = excluded.number_id, unread_count = c.unread_count + 1,
                   status = 'open', snoozed_until = NULL,
                   last_received_at = {read_marks.next_received_at("c.last_received_at")},
                   (last_message_at, last_message_id, last_message_direction, last_message_content,
                    last_message_status, last_message_media_kind, last_message_media_count) = (
                    SELECT * FROM (VALUES
                           (excluded.last_message_at, excluded.last_message_id, 'inbound',
                            excluded.last_message_content, 'received',
                            excluded.last_message_media_kind, excluded.last_message_media_count),
                           (c.last_message_at, c.last_message_id, c.last_message_direction,
                            c.last_message_content, c.last_message_status,
                            c.last_message_media_kind, c.last_message_media_count)
                           ) AS line (at, id)
                     ORDER BY line.id = c.id, at DESC, line.id DESC LIMIT 1)
             WHERE c.id = excluded.id
            RETURNING {threads.COLUMNS}
        ), added AS ({_LINES})
        SELECT thread.*,
               thread.id IN (SELECT thread_id FROM given WHERE NOT is_known) AS is_new,
               thread.id IN (SELECT conversation_id FROM added) AS is_added
          FROM thread
        """,
        {"church": church_id, "texts": texts},
    )
    return {thread.key: thread for thread in found}


async def add_line(session: AsyncSession, thread: OpenedThread, arrival: Arrival) -> bool:
    """Add the line of a group text to its locked thread; False where the text is there already."""
    line = _text(arrival, None) | {"is_line": True}
    added = await db.values(
        session,
        UUID,
        f"""
        WITH {_GIVEN}, thread AS (
            SELECT our_number, phone_index, CAST(:thread AS uuid) AS id FROM given
        )
        {_LINES}
        """,
        {"church": thread.church_id, "thread": thread.id, "texts": db.records([line])},
    )
    return bool(added)


def rounds(arrivals: Iterable[Arrival]) -> Iterable[list[Arrival]]:
    """The texts one after another where they are of one thread, together where they are not."""
    waiting = list(arrivals)
    while waiting:
        first: dict[Key, Arrival] = {}
        waiting = [each for each in waiting if first.setdefault(each.key, each) is not each]
        yield list(first.values())


def _text(arrival: Arrival, known: Placed | None) -> dict[str, object]:
    event, message = arrival.event, arrival.message
    return {
        "thread_id": known.id if known else db.uuid7(),
        "is_known": known is not None,
        "number_id": arrival.owner.number_id,
        "our_number": event.to,
        "phone_index": arrival.phone_index,
        "phone_sealed": event.sealed_sender,
        "id": message.id,
        "content": message.content,
        "media_urls": message.media_urls,
        "media_kind": message.media.kind,
        "media_count": message.media.count,
        "carrier": event.carrier,
        "carrier_message_id": event.carrier_message_id,
        "at": message.occurred_at,
        "is_line": known is None and not arrival.is_group,
    }
