"""Every text to a church is understood once, beside the broadcast that it answers."""

from datetime import timedelta

from koinonia.common import db
from koinonia.common.events.messaging import TextUnderstood
from koinonia.common.testing import service
from koinonia.messaging.program import PROGRAM

from . import factories
from .person import PHONE, Person
from .stage import Stage


async def understood(person: Person) -> TextUnderstood:
    """The last one."""
    return (await person.stage.told(TextUnderstood))[-1]


MEANT = {
    "See you on Sunday": "none",
    "": "none",
    "Yes": "none",
    "join nothing": "none",
    "Help!": "help",
    "START": "start",
    "please stop texting me": "stop",
}


async def test_what_a_text_means_is_told(person: Person) -> None:
    await person.stage.hear(*(person._text(text, person.at) for text in MEANT))
    told = await person.stage.told(TextUnderstood)
    assert [each.meaning for each in told] == list(MEANT.values())
    index = factories.PHONES.index(person.stage.church_id, PHONE)
    assert {(each.church_id, each.phone_index, each.message_id) for each in told} == {
        (person.stage.church_id, index, None)
    }


async def test_texts_that_come_together_mean_what_each_means_alone(person: Person) -> None:
    """In the order in which they came: START after "Help!", and a STOP last."""
    texts = [person._text(text, person.at) for text in MEANT]
    nobodys = person._text("Amen", person.at, number="+12025550199")
    await service.hear_together(PROGRAM, person.stage.running, *texts[:3], nobodys, *texts[3:])
    told = await person.stage.told(TextUnderstood)
    assert [each.meaning for each in told] == list(MEANT.values())
    [consent] = await person.stage.query("SELECT state FROM consents")
    assert consent.state == "revoked"


async def test_what_the_carrier_took_it_for_is_told(person: Person) -> None:
    await person.says("?", by_carrier="STOP")
    assert (await understood(person)).meaning == "stop"


async def test_a_yes_that_ends_a_stop_is_a_start(person: Person) -> None:
    await person.says("please stop texting me")
    await person.says("Yes")
    assert (await understood(person)).meaning == "start"


async def test_a_text_that_comes_twice_is_understood_once(person: Person) -> None:
    text = person._text("Amen", person.at)
    await person.stage.hear(text)
    await person.stage.hear(text)
    assert len(await person.stage.told(TextUnderstood)) == 1


async def test_a_text_to_nobodys_number_is_not_understood(person: Person) -> None:
    await person.says("Amen", number="+12025550199")
    assert await person.stage.told(TextUnderstood) == []


async def _heard(person: Person) -> object:
    [row] = await person.stage.query("SELECT last_heard_at FROM heard_phones")
    return row.last_heard_at


async def test_a_church_remembers_when_it_last_heard_from_a_phone(person: Person) -> None:
    texts = [person._text("Amen", person.at + timedelta(minutes=n)) for n in range(3)]
    for text in (texts[1], texts[0], texts[1]):
        await person.stage.hear(text)
    assert await _heard(person) == texts[1].received_at
    await person.stage.hear(texts[2])
    assert await _heard(person) == texts[2].received_at


async def test_a_stop_is_heard_from_too(person: Person) -> None:
    await person.says("STOP")
    assert await _heard(person) == person.at


async def _sent(stage: Stage, content: str) -> str:
    """A broadcast that is in the worker's hands."""
    message_id = await stage.started(content)
    await stage.run(
        """
        UPDATE message_recipients SET status = 'sent', called_at = now() - interval '5 minutes'
         WHERE message_id = :id
        """,
        id=message_id,
    )
    return str(message_id)


async def test_it_is_told_with_the_words_that_the_person_was_sent_last(person: Person) -> None:
    await _sent(person.stage, "The first")
    await person.stage.run("UPDATE message_recipients SET called_at = now() - interval '1 hour'")
    last = await _sent(person.stage, "Hi {{firstName}}, will you come?")
    await person.says("Yes")
    told = await understood(person)
    assert (str(told.message_id), told.message_text) == (last, "Hi Ada, will you come?")
    assert told.message_sent_at is not None
    assert told.received_at - told.message_sent_at > timedelta(minutes=4)


CHANGES = (
    "SET status = 'failed'",
    "SET status = 'skipped'",
    "SET status = 'sent', called_at = now() - interval '8 days'",
    "SET status = 'pending', called_at = NULL",
)


async def test_what_did_not_reach_the_phone_lately_is_not_what_it_answers(person: Person) -> None:
    await _sent(person.stage, "Sunday at ten")
    for change in CHANGES:
        await person.stage.run(f"UPDATE message_recipients {change}")
        await person.says("Yes")
    told = await person.stage.told(TextUnderstood)
    assert [each.message_id for each in told] == [None] * len(CHANGES)


async def test_a_text_to_another_number_of_the_church_answers_nothing_of_this_one(
    person: Person,
) -> None:
    await _sent(person.stage, "Sunday at ten")
    async with person.stage.running.database.transaction(person.stage.church_id) as session:
        other = await factories.active_number(session, person.stage.church_id)
    await person.says("Yes", number=other.phone_number)
    assert (await understood(person)).message_id is None


async def test_a_broadcast_to_others_is_not_what_a_stranger_answers(person: Person) -> None:
    await _sent(person.stage, "Sunday at ten")
    event = person._text("Who is this?", person.at)
    stranger = factories.PHONES.seal("+12025550143")
    await person.stage.hear(event.model_copy(update={"sealed_sender": stranger, "id": db.uuid7()}))
    assert (await understood(person)).message_id is None
