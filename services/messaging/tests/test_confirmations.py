"""STOP, START and HELP are answered once, by the carrier or by us, and past every STOP."""

from datetime import timedelta
from uuid import uuid5

import pytest

from koinonia.carriers import segments
from koinonia.common import clock, db
from koinonia.common.events.messaging import MessageCreated, MessageKind
from koinonia.messaging.inbound import wording
from koinonia.messaging.people.consent import ledger
from koinonia.messaging.people.consent.entries import ConsentKind, ConsentMethod, Entry

from . import factories
from .person import PHONE, Person

STOPPED = wording.stopped("Grace Chapel")
HELPED = wording.helped("Grace Chapel", None)
BACK = wording.started("Grace Chapel", again=True)


async def test_a_stop_is_confirmed_once_and_past_the_stop(person: Person) -> None:
    await person.says("please stop texting me")
    await person.says("STOP")
    assert await person.answers() == [STOPPED]
    assert len(await person.receives()) == 1


async def test_a_confirmation_is_a_message_of_its_own_kind_from_the_number_that_was_texted(
    person: Person,
) -> None:
    async with person.stage.running.database.transaction(person.stage.church_id) as session:
        other = await factories.active_number(session, person.stage.church_id)
    event_id = await person.says("Stop please", number=other.phone_number)
    [message] = await person.stage.query("SELECT * FROM messages")
    [created] = await person.stage.told(MessageCreated)
    assert message.id == uuid5(event_id, "confirmation") == created.message_id
    assert (message.sender, message.created_by) == (other.phone_number, None)
    assert (created.kind, created.recipients) == (MessageKind.CONFIRMATION, 1)
    [entry] = await person.stage.query("SELECT * FROM consent_events WHERE kind = 'revoked'")
    assert entry.answer_id == message.id


@pytest.mark.parametrize(("text", "matched"), [("STOP", "STOP"), ("START", "START"), ("?", "HELP")])
async def test_what_the_carrier_answered_is_not_answered_again(
    person: Person, text: str, matched: str
) -> None:
    await person.says(text, by_carrier=matched)
    assert await person.answers() == []


async def test_no_other_text_passes_a_stop(person: Person) -> None:
    sent = await person.stage.send("Sunday at ten")
    await person.says("Stop please")
    assert len(await person.receives()) == 1
    [text] = await person.stage.texts(sent.id)
    assert (text.status, text.failure) == ("skipped", "opted_out")


async def test_who_comes_back_is_welcomed_once(person: Person) -> None:
    await person.says("Stop please")
    await person.says("START")
    await person.says("START")
    assert await person.answers() == [STOPPED, BACK]


async def test_a_stop_that_comes_after_a_later_start_is_not_confirmed(person: Person) -> None:
    late = person._text("Stop please", person.at - timedelta(hours=1))
    await person.says("START")
    await person.stage.hear(late)
    assert await person.answers() == []


async def test_who_stops_again_is_not_welcomed_any_more(person: Person) -> None:
    await person.says("Stop please")
    await person.says("START")
    await person.says("Stop please")
    received = await person.receives()
    assert sorted(received) == [STOPPED, STOPPED]


async def test_a_confirmation_that_could_not_be_sent_for_a_day_is_not_sent_any_more(
    person: Person,
) -> None:
    await person.says("Stop please")
    with clock.shift(timedelta(hours=25)):
        assert await person.receives() == []
    [text] = await person.stage.query("SELECT status, failure FROM message_recipients")
    assert tuple(text) == ("skipped", "too_late")


async def test_help_names_the_church_and_how_to_stop(person: Person) -> None:
    await person.says("Help!")
    [answer] = await person.answers()
    assert answer.startswith("Grace Chapel: ")
    assert "Reply STOP to opt out" in answer


async def test_help_names_whom_to_ask(person: Person) -> None:
    await person.stage.run(
        "INSERT INTO texting_rules (church_id, help_contact, changed_at) VALUES (:id, :who, now())",
        id=person.stage.church_id,
        who="office@grace.example",
    )
    await person.says("INFO")
    [answer] = await person.answers()
    assert "contact office@grace.example" in answer


async def test_help_after_a_stop_is_answered_once_in_a_day(person: Person) -> None:
    await person.says("Stop please")
    await person.says("HELP")
    with clock.shift(timedelta(hours=2)):
        await person.says("HELP")
    assert await person.answers() == [STOPPED, HELPED]
    with clock.shift(timedelta(hours=25)):
        await person.says("HELP")
    assert len(await person.answers()) == 3


async def test_two_machines_do_not_answer_each_other_without_end(person: Person) -> None:
    for minute in range(20):
        with clock.shift(timedelta(minutes=minute)):
            await person.says("INFO")
    assert len(await person.answers()) == 5


async def test_the_same_text_heard_twice_is_answered_once(person: Person) -> None:
    text = person._text("Stop please", person.at)
    await person.stage.hear(text, text)
    await person.stage.hear(text.model_copy(update={"id": db.uuid7()}))
    assert await person.answers() == [STOPPED]


async def test_a_number_that_is_ours_no_more_answers_nothing(person: Person) -> None:
    await person.stage.run("UPDATE phone_numbers SET status = 'released'")
    await person.says("Stop please")
    assert await person.answers() == []
    [entry] = await person.stage.query("SELECT * FROM consent_events WHERE kind = 'revoked'")
    assert entry.answer_id is None


async def test_staff_recorded_a_stop_and_the_persons_own_is_still_confirmed(
    person: Person,
) -> None:
    church = person.stage.church_id
    entry = Entry(
        phone_index=factories.PHONES.index(church, PHONE),
        phone_sealed="sealed",
        kind=ConsentKind.REVOKED,
        method=ConsentMethod.STAFF,
        at=person.at,
    )
    async with person.stage.running.database.transaction(church) as session:
        await ledger.append(session, church, [entry])
    await person.says("Stop please")
    assert await person.answers() == [STOPPED]


@pytest.mark.parametrize("words", [STOPPED, BACK, HELPED])
def test_a_confirmation_is_one_part(words: str) -> None:
    assert segments.measure(words).parts == 1
