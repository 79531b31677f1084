"""A text that may ask to stop: broadcasts wait, staff or the person or time settle it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from httpx import AsyncClient

from koinonia.common import clock, db, migrations
from koinonia.common.events.conversation import ReplyRequested
from koinonia.common.events.messaging import StopAsked, StopSettled
from koinonia.common.testing.databases import Databases
from koinonia.common.testing.secrets import role_password
from koinonia.messaging.people.consent import stop_decisions, stop_questions
from koinonia.messaging.people.consent.entries import ConsentKind, ConsentMethod, Entry
from koinonia.messaging.people.consent.stop_questions import Decision

from . import factories
from .person import PHONE, Person

ASKS = "no more messages from your church please"


async def settled(person: Person) -> list[tuple[str, str]]:
    told = await person.stage.told(StopSettled)
    return [(each.decision, each.settled_by) for each in told]


async def ledger_rows(person: Person) -> list[Any]:
    return await person.stage.query(
        """
        SELECT kind, method, words, actor_id, event_id FROM consent_events
         WHERE phone_index = :index ORDER BY recorded_at, id
        """,
        index=factories.PHONES.index(person.stage.church_id, PHONE),
    )


async def decide(person: Person, decision: Decision) -> None:
    stage = person.stage
    async with stage.running.database.transaction(stage.church_id) as session:
        await stop_decisions.settle(
            session,
            stage.church_id,
            factories.PHONES.index(stage.church_id, PHONE),
            decision,
            note="They called",
            actor_id=db.uuid7(),
            address=None,
            phones=factories.PHONES,
        )


async def excluded(person: Person) -> dict[str, int]:
    await person.stage.member("+12025550143", "Bea")  # somebody who can be texted
    sent = await person.stage.send()
    found: dict[str, int] = (await person.stage.message(sent.id)).excluded
    return found


async def test_broadcasts_wait_while_it_is_asked(person: Person) -> None:
    await person.says(ASKS)
    assert await excluded(person) == {"stop_asked": 1}
    [asked] = await person.stage.told(StopAsked)
    assert asked.counts_from >= asked.asked_at + timedelta(days=13)
    assert await person.answers() == []


async def test_who_asks_after_the_message_was_made_is_skipped(person: Person) -> None:
    message_id = await person.stage.started()
    await person.says(ASKS)
    await person.stage.work()
    [text] = await person.stage.texts(message_id)
    assert (text.status, text.failure) == ("skipped", "stop_asked")


async def test_who_asked_can_be_answered(person: Person) -> None:
    await person.says(ASKS)
    stage = person.stage
    reply = ReplyRequested(
        church_id=stage.church_id,
        reply_id=db.uuid7(),
        conversation_id=db.uuid7(),
        admin_id=db.uuid7(),
        sender=person.number,
        sealed_phone=factories.PHONES.seal(PHONE),
        text="Do you want no more texts?",
    )
    await stage.hear(reply)
    assert await person.receives() == ["Do you want no more texts?"]


async def test_staff_settle_it_as_ordinary(person: Person) -> None:
    await person.says("Alto")
    await decide(person, Decision.ORDINARY)
    assert await excluded(person) == {}
    assert await settled(person) == [("ordinary", "staff")]
    asked, kept = (await ledger_rows(person))[-2:]
    assert (asked.kind, asked.method, kept.kind, kept.method) == (
        "asked",
        "keyword",
        "kept",
        "staff",
    )
    assert kept.actor_id is not None
    assert (kept.words, kept.event_id) == (asked.words, asked.event_id)


async def test_staff_settle_it_as_a_stop(person: Person) -> None:
    await person.says(ASKS)
    await decide(person, Decision.STOP)
    assert await excluded(person) == {"opted_out": 1}
    assert await settled(person) == [("stop", "staff")]
    revoked = (await ledger_rows(person))[-1]
    assert (revoked.kind, revoked.method, revoked.actor_id is None) == ("revoked", "staff", False)


@pytest.mark.parametrize(
    ("text", "decision"), [("START", "ordinary"), ("unstop", "ordinary"), ("STOP", "stop")]
)
async def test_a_clear_text_of_the_person_settles_it(
    person: Person, text: str, decision: str
) -> None:
    await person.says(ASKS)
    await person.says(text)
    assert await settled(person) == [(decision, "person")]
    open_ones = await person.stage.query(
        "SELECT 1 FROM due_stop_questions WHERE church_id = :church", church=person.stage.church_id
    )
    assert open_ones == []


async def test_a_yes_settles_nothing_for_it_may_answer_whether_to_stop(person: Person) -> None:
    await person.says(ASKS)
    await person.says("Yes")
    assert await settled(person) == []
    assert await excluded(person) == {"stop_asked": 1}


async def test_a_question_that_is_older_than_a_start_is_none(person: Person) -> None:
    late = person._text(ASKS, clock.now() - timedelta(minutes=1))
    await person.says("START")
    await person.stage.hear(late)
    assert await person.stage.told(StopAsked) == []
    assert await excluded(person) == {}


async def test_asked_twice_it_is_one_question_since_the_first_time(person: Person) -> None:
    await person.says(ASKS)
    await person.says("take me off your list")
    assert len(await person.stage.told(StopAsked)) == 1
    await decide(person, Decision.ORDINARY)
    assert await excluded(person) == {}


async def test_unsettled_after_ten_business_days_it_is_a_stop(person: Person) -> None:
    await person.says(ASKS)
    await stop_decisions.count_overdue(person.stage.running)
    assert await settled(person) == []
    await person.stage.run(
        """
        UPDATE due_stop_questions SET due_at = now() - interval '1 minute'
         WHERE church_id = :church
        """,
        church=person.stage.church_id,
    )
    await stop_decisions.count_overdue(person.stage.running)
    await stop_decisions.count_overdue(person.stage.running)
    assert await settled(person) == [("stop", "time")]
    assert await excluded(person) == {"opted_out": 1}
    states = await person.stage.query("SELECT is_own FROM consents WHERE state = 'revoked'")
    assert [state.is_own for state in states] == [
        False
    ]  # staff can still take it back, with a reason


async def test_a_phone_that_nobody_knew_is_not_opted_out_by_its_question(person: Person) -> None:
    await person.stage.run("DELETE FROM members")
    await person.stage.run("DELETE FROM consents")
    await person.says(ASKS)
    await decide(person, Decision.ORDINARY)
    assert await person.stage.query("SELECT 1 AS known FROM consents") == []


async def test_a_word_of_the_church_is_no_question(person: Person) -> None:
    await person.stage.run(
        """
        INSERT INTO keywords (id, church_id, word, word_key, answer, notify, is_active)
        VALUES (:id, :church, 'ALTO', 'alto', 'You sing alto', '{}', true)
        """,
        id=db.uuid7(),
        church=person.stage.church_id,
    )
    await person.says("Alto")
    assert await person.stage.told(StopAsked) == []


@pytest.mark.parametrize("word", ["ALTO", "Pare"])
async def test_a_church_may_have_the_keyword(api: AsyncClient, word: str) -> None:
    created = await api.post("/api/keywords", json={"word": word, "answer": "You sing alto"})
    assert created.status_code == 201, created.text


async def test_who_settles_what_nobody_asked_is_told_so(api: AsyncClient) -> None:
    answer = await api.post(
        "/api/consents/stop-question", json={"phone": PHONE, "decision": "stop"}
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "NO_STOP_QUESTION")


def test_ten_business_days_pass_over_weekends() -> None:
    monday = datetime(2026, 11, 30, 9, tzinfo=UTC)
    saturday = monday - timedelta(days=2)
    after = [stop_questions.business_days_after(day, 10) for day in (monday, saturday)]
    assert after == [monday + timedelta(days=14), monday + timedelta(days=11)]


def test_only_an_own_word_or_staffs_decision_settles() -> None:
    def entry(kind: ConsentKind, method: ConsentMethod, **given: Any) -> Entry:
        return Entry(
            phone_index="x", phone_sealed="x", kind=kind, method=method, at=clock.now(), **given
        )

    assert not stop_questions._settles(entry(ConsentKind.GRANTED, ConsentMethod.IMPORT))
    assert not stop_questions._settles(
        entry(ConsentKind.GRANTED, ConsentMethod.KEYWORD, scope=db.uuid7())
    )
    assert stop_questions._settles(entry(ConsentKind.GRANTED, ConsentMethod.STAFF, is_lift=True))
    assert stop_questions._settles(entry(ConsentKind.REVOKED, ConsentMethod.CARRIER))


ASKED = """
    INSERT INTO consent_events (church_id, id, phone_index, phone_sealed, kind, method, occurred_at)
    SELECT CAST('00000000-0000-0000-0000-000000000001' AS uuid), gen_random_uuid(), 'phone',
           'sealed', kind, method, now()
      FROM (VALUES ('granted', 'import'), ('asked', 'keyword'), ('kept', 'staff'),
                   ('asked', 'keyword')) AS said (kind, method);
    INSERT INTO consents (church_id, phone_index, phone_sealed, state, is_own, is_blocked, since)
    VALUES ('00000000-0000-0000-0000-000000000001', 'phone', 'sealed', 'granted', false, false,
            now());
    INSERT INTO stop_questions (church_id, phone_index, id, phone_sealed, words, event_id, asked_at,
                                counts_from)
    VALUES ('00000000-0000-0000-0000-000000000001', 'phone', gen_random_uuid(), 'sealed', 'words',
            gen_random_uuid(), now(), now())
"""


async def test_going_back_a_question_is_a_stop_and_the_ledger_is_kept(
    databases: Databases,
) -> None:
    owner = await asyncpg.connect(databases.admin_url)
    await owner.execute("SET search_path = messaging")
    await owner.execute(ASKED)
    await migrations.downgrade(databases.admin_url, "messaging", revision="messaging_0011")
    assert await owner.fetchval("SELECT state FROM consents") == "revoked"
    assert await owner.fetchval("SELECT count(*) FROM consent_events WHERE scope IS NULL") == 2
    await migrations.upgrade(databases.admin_url, "messaging", role_password(databases.admin_url))
    kinds = await owner.fetch("SELECT kind FROM consent_events ORDER BY kind")
    await owner.close()
    assert [row["kind"] for row in kinds] == ["asked", "asked", "granted", "kept", "revoked"]
