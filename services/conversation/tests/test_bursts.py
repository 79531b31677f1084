"""Texts that come together are taken in as one after another."""

import itertools
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from koinonia.common import db
from koinonia.common.events.conversation import ConversationsBegun, ConversationUpdated
from koinonia.common.events.ingress import CarrierMessageReceived
from koinonia.common.testing import explain, phones, probe
from koinonia.common.testing.properties import on_servers
from koinonia.conversation.inbound import received_texts

from .factories import PHONES, RUNNING, church, said, text
from .truths import untrue

NUMBERS = itertools.count(300)
PEOPLE = [phones.phone(each) for each in range(10, 14)]
LINES = """
    SELECT c.phone_index, m.content, m.media_count FROM conversation_messages m
      JOIN conversations c ON c.id = m.conversation_id ORDER BY m.occurred_at, m.content
"""
Text = tuple[int, int, int, int]
"""Who wrote, at which minute, which text of the carrier it is, and how many files it has."""


def received(number: str, what: Text) -> CarrierMessageReceived:
    who, minute, name, files = what
    return text(
        f"{name}",
        PEOPLE[who % len(PEOPLE)],
        number,
        minute,
        f"{number} {name} {who}",
        [f"https://media.example/{n}.jpg" for n in range(files)],
    )


async def take_in(database: db.Database, events: Sequence[CarrierMessageReceived]) -> None:
    async with database.transaction() as session:
        await received_texts.receive(RUNNING, session, events)


async def outcome(database: db.Database, church_id: UUID) -> Any:
    """What a church has of its texts, people by their place, and what was told of them."""
    places = {PHONES.index(church_id, each): n for n, each in enumerate(PEOPLE)}
    async with database.transaction(church_id) as session:
        lines = await probe.rows(session, LINES)
        threads = await probe.rows(session, "SELECT * FROM conversations")
        files = await probe.rows(session, "SELECT count(*) FROM media_files")
    of_thread = {each.id: places[each.phone_index] for each in threads}
    told = [
        each for each in await said(database, ConversationUpdated) if each.church_id == church_id
    ]
    begun = [
        each for each in await said(database, ConversationsBegun) if each.church_id == church_id
    ]
    return (
        [(places[each.phone_index], each.content, each.media_count) for each in lines],
        {of_thread[e.id]: (e.status, e.unread_count, e.last_message_content) for e in threads},
        sorted(
            (of_thread[e.conversation_id], e.unread_count, e.previous_status or "", e.preview)
            for e in told
        ),
        sorted(of_thread[one.conversation_id] for each in begun for one in each.conversations),
        [tuple(each) for each in files],
    )


@on_servers(examples=12)
@given(
    burst=st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 6), st.integers(0, 1)),
        min_size=1,
        max_size=10,
    ),
    before=st.integers(0, 3),
)
async def test_a_burst_leaves_what_its_texts_leave_one_by_one(
    database: db.Database, burst: list[Text], before: int
) -> None:
    numbers = [phones.phone(next(NUMBERS)) for _ in range(3)]
    alone, *together = [await church(database, number) for number in numbers]
    for what in burst:
        await take_in(database, [received(numbers[0], what)])
    for part in (burst[:before], burst[before:]):
        await take_in(database, [received(n, what) for what in part for n in numbers[1:]])
    expected = await outcome(database, alone)
    for church_id in together:
        assert await outcome(database, church_id) == expected
        assert await untrue(database, church_id) == {}


async def test_a_text_is_written_by_keys_also_when_the_tables_were_empty(
    database: db.Database, church_id: UUID
) -> None:
    """A plan that PostgreSQL keeps from then must not read a table that has become large."""
    await take_in(database, [text("One")])
    with explain.watched(database) as ran:
        await take_in(database, [text("Two", minutes=1), text("New", sender=PEOPLE[0])])
    async with database.transaction(church_id) as session:
        await db.run(session, "SET LOCAL plan_cache_mode = force_generic_plan")
        scans = await explain.problems_of(session, [each for each in ran if "given" in each[0]])
    assert scans == []
