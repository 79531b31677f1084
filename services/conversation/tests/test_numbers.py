"""A text belongs to whoever had our number when the carrier received it."""

from datetime import timedelta
from uuid import UUID

from koinonia.common import clock, db
from koinonia.common.runtime import Running
from koinonia.common.testing import phones, probe
from koinonia.conversation.inbound import parked_release, parked_texts

from .factories import OURS, START, assigned, at, church, hear, messages, released, text, threads

NUMBER = phones.phone(80)


async def parked(database: db.Database) -> int:
    async with database.transaction() as session:
        return len(await probe.rows(session, "SELECT event_id FROM parked_inbound"))


async def contents(database: db.Database, church_id: UUID) -> list[str]:
    return [message.content for message in await messages(database, church_id)]


async def test_a_number_that_changed_hands_brings_each_church_its_own_texts(
    database: db.Database,
) -> None:
    first, second = db.uuid7(), db.uuid7()
    before = assigned(first, NUMBER)
    await hear(database, before, released(before, at(10)), assigned(second, NUMBER, at(20)))
    await hear(database, text("early", to=NUMBER, minutes=9), text("late", to=NUMBER, minutes=20))
    assert await contents(database, first) == ["early"]
    assert await contents(database, second) == ["late"]


async def test_a_text_that_comes_after_the_release_of_its_number_is_parked(
    database: db.Database,
) -> None:
    church_id = db.uuid7()
    before = assigned(church_id, NUMBER)
    await hear(database, released(before, at(10)), before)
    await hear(database, text(to=NUMBER, minutes=10))
    assert (await parked(database), await threads(database, church_id)) == (1, [])


async def test_a_parked_text_is_taken_in_when_its_number_is_assigned(
    running: Running, database: db.Database
) -> None:
    church_id = db.uuid7()
    await hear(database, text("first", to=NUMBER, minutes=1), text("lost", to=phones.phone(81)))
    await hear(database, assigned(church_id, NUMBER, START))
    await parked_release.take_in_owned(running)
    [thread] = await threads(database, church_id)
    assert (thread.last_message_content, thread.unread_count) == ("first", 1)
    assert await parked(database) == 1


async def test_a_parked_text_keeps_neither_phone_nor_words_in_the_open(
    database: db.Database,
) -> None:
    await hear(database, text("a secret", to=NUMBER))
    async with database.transaction() as session:
        [row] = await probe.rows(
            session, "SELECT CAST(p AS text) AS all_of_it FROM parked_inbound p"
        )
    assert "secret" not in row.all_of_it
    assert phones.phone(1) not in row.all_of_it


async def test_a_parked_text_that_cannot_be_opened_does_not_hold_up_the_others(
    running: Running, database: db.Database
) -> None:
    church_id = db.uuid7()
    await hear(database, text("broken", to=NUMBER), text("whole", to=NUMBER, minutes=1))
    async with database.transaction() as session:
        await db.run(
            session,
            "UPDATE parked_inbound SET event_sealed = 'AAAA' WHERE received_at = :at",
            {"at": START},
        )
    await hear(database, assigned(church_id, NUMBER))
    await parked_release.take_in_owned(running)
    assert (await contents(database, church_id), await parked(database)) == (["whole"], 1)


async def test_a_parked_text_that_failed_is_tried_again_after_a_rest(
    running: Running, database: db.Database
) -> None:
    church_id = db.uuid7()
    await hear(database, text(to=NUMBER), assigned(church_id, NUMBER))
    async with database.transaction() as session:
        [row] = await probe.rows(session, "SELECT event_id FROM parked_inbound")
        await parked_texts.postpone(session, row.event_id)
    await parked_release.take_in_owned(running)
    assert await parked(database) == 1
    with clock.shift(timedelta(minutes=6)):
        await parked_release.take_in_owned(running)
    assert await parked(database) == 0


async def test_the_same_phone_texting_two_churches_is_a_thread_in_each(
    database: db.Database, church_id: UUID
) -> None:
    other = await church(database, NUMBER)
    await hear(database, text(to=OURS), text(to=NUMBER))
    [ours], [theirs] = await threads(database, church_id), await threads(database, other)
    assert ours.phone_index != theirs.phone_index
