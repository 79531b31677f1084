"""Texts to several numbers at once: each church has them, with who else got them."""

from datetime import timedelta
from itertools import permutations
from typing import Any
from uuid import UUID

import httpx
import pytest

from koinonia.common import clock, db
from koinonia.common.events.conversation import ConversationUpdated
from koinonia.common.runtime import Running
from koinonia.common.testing import probe
from koinonia.common.testing.phones import phone
from koinonia.conversation.automatic import automatic_answers
from koinonia.conversation.inbound import parked_release

from .factories import (
    OURS,
    PHONES,
    START,
    assigned,
    at,
    church,
    hear,
    joined,
    member,
    messages,
    said,
    text,
    threads,
    understood,
)

BOB, CY, SECOND, THEIRS_TOO = phone(2), phone(3), phone(4), phone(5)


async def parked(database: db.Database) -> list[Any]:
    async with database.transaction() as session:
        return await probe.rows(session, "SELECT * FROM parked_inbound")


async def lines(api: httpx.AsyncClient, database: db.Database, church_id: UUID) -> list[Any]:
    [thread] = await threads(database, church_id)
    shown = (await api.get(f"/api/conversations/{thread.id}")).json()
    found: list[Any] = shown["messages"]
    return found


async def test_a_thread_shows_who_else_got_a_text_by_name_or_phone(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    family = [member(church_id, name, "Reed", BOB) for name in ("Carl", "Bob")]
    await hear(database, joined(church_id, *family), text(group=[BOB, OURS, CY]))
    await hear(database, text("alone", minutes=1))
    group, alone = await lines(api, database, church_id)
    bob = {"id": str(family[1].member_id), "firstName": "Bob", "lastName": "Reed"}
    assert group["participants"] == [
        {"phone": BOB, "member": bob, "memberCount": 2},
        {"phone": CY, "member": None, "memberCount": 0},
    ]
    assert alone["participants"] == []
    assert [told.participants for told in await said(database, ConversationUpdated)] == [2, 0]


async def test_phones_of_a_group_are_kept_sealed(database: db.Database, church_id: UUID) -> None:
    await hear(database, text(group=[BOB, OURS]))
    async with database.transaction(church_id) as session:
        [row] = await probe.rows(session, "SELECT * FROM line_participants")
    assert BOB not in str(row)
    assert (PHONES.open(row.phone_sealed), row.phone_index) == (BOB, PHONES.index(church_id, BOB))


@pytest.mark.parametrize("group", list(permutations([OURS, SECOND, BOB, CY])))
async def test_wherever_our_numbers_stand_each_church_gets_the_text(
    database: db.Database, church_id: UUID, group: tuple[str, ...]
) -> None:
    """Named or not; nothing that was for us is parked because of its place."""
    other = await church(database, SECOND)
    for minutes, named in enumerate(["", OURS, SECOND]):
        await hear(database, text(str(minutes), to=named, group=group, minutes=minutes))
    for one, number in ((church_id, OURS), (other, SECOND)):
        [thread] = await threads(database, one)
        assert (thread.our_number, thread.unread_count) == (number, 3)
        assert [line.content for line in await messages(database, one)] == ["0", "1", "2"]
    assert await parked(database) == []


async def test_a_church_with_two_numbers_in_a_group_has_the_text_once(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    await hear(database, assigned(church_id, SECOND))
    group = [OURS, SECOND, BOB]
    await hear(database, text(group=group), text("again", to=SECOND, group=group, minutes=1))
    assert [thread.our_number for thread in await threads(database, church_id)] == [OURS, SECOND]
    for thread in await threads(database, church_id):
        shown = (await api.get(f"/api/conversations/{thread.id}")).json()
        [line] = shown["messages"]
        assert [each["phone"] for each in line["participants"]] == [BOB]


async def test_a_group_text_that_nobody_has_yet_is_taken_in_when_a_number_of_it_is_ours(
    running: Running, database: db.Database, church_id: UUID
) -> None:
    await hear(database, text(to="", group=[BOB, SECOND]))
    [row] = await parked(database)
    assert (row.our_number, BOB in row.event_sealed) == ("", False)
    await rest(database)
    await parked_release.take_in_owned(running)
    [row] = await parked(database)  # still nobody's, and it rests ever longer
    assert row.rests_until > clock.now() + timedelta(hours=1)

    other = await church(database, SECOND)
    await rest(database)
    await parked_release.take_in_owned(running)
    assert [line.content for line in await messages(database, other)] == ["Hello"]
    assert (await parked(database), await messages(database, church_id)) == ([], [])


async def rest(database: db.Database) -> None:
    """The rest of what is parked is over."""
    async with database.transaction() as session:
        await db.run(session, "UPDATE parked_inbound SET rests_until = now()", {})


async def test_a_named_number_that_is_not_known_yet_keeps_no_other_church_waiting(
    running: Running, database: db.Database, church_id: UUID
) -> None:
    await hear(database, text(to=SECOND, group=[SECOND, OURS, BOB]))
    assert len(await messages(database, church_id)) == len(await parked(database)) == 1
    other = await church(database, SECOND)
    await parked_release.take_in_owned(running)
    assert [len(await messages(database, each)) for each in (church_id, other)] == [1, 1]
    assert await parked(database) == []


async def test_a_group_text_is_one_line_however_often_it_is_announced(
    database: db.Database, church_id: UUID
) -> None:
    same = [text(group=[OURS, BOB], carrier_message_id="same") for _ in range(3)]
    await hear(database, *same)
    assert len(await messages(database, church_id)) == 1
    async with database.transaction(church_id) as session:
        assert len(await probe.rows(session, "SELECT 1 FROM line_participants")) == 1


@pytest.mark.parametrize("order", list(permutations([OURS, OURS, SECOND, SECOND], 4))[::5])
async def test_a_text_that_is_announced_for_each_of_our_numbers_is_one_line_for_each_church(
    database: db.Database, church_id: UUID, order: tuple[str, ...]
) -> None:
    """Somebody wrote the same twice, in whatever order it comes."""
    other, group = await church(database, SECOND), [OURS, BOB, SECOND]
    for nth, via in enumerate(order):
        await hear(database, text("ok", to=via, group=group, minutes=nth / 10))
    found = [await messages(database, each) for each in (church_id, other)]
    assert [[line.content for line in lines] for lines in found] == [["ok", "ok"]] * 2


async def test_the_same_words_later_are_another_text(
    database: db.Database, church_id: UUID
) -> None:
    await church(database, SECOND)
    group = [OURS, SECOND]
    await hear(database, text(to=OURS, group=group), text(to=SECOND, group=group, minutes=3))
    assert len(await messages(database, church_id)) == 2


async def test_a_keyword_in_a_text_that_is_announced_twice_is_answered_once(
    database: db.Database, church_id: UUID
) -> None:
    await church(database, SECOND)
    twins = [text("PICNIC", to=to, group=[OURS, SECOND]) for to in (OURS, SECOND)]
    await hear(database, *twins)
    meant = [
        understood(church_id, twin, "keyword", keyword="PICNIC", answer="At 3") for twin in twins
    ]
    async with database.transaction(church_id) as session:
        await automatic_answers.answer_understood(session, meant)
    assert [line.content for line in await messages(database, church_id)] == ["PICNIC", "At 3"]


async def test_whose_a_number_was_then_decides_in_a_group_too(
    database: db.Database, church_id: UUID
) -> None:
    other = db.uuid7()
    await hear(database, assigned(other, THEIRS_TOO, at=START + timedelta(minutes=5)))
    before, after = (text(group=[OURS, THEIRS_TOO], minutes=minutes) for minutes in (1, 9))
    await hear(database, before, after)
    assert [line.occurred_at for line in await messages(database, other)] == [at(9)]
    assert len(await messages(database, church_id)) == 2
