"""What is answered for staff, once, and never to a machine for long."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from koinonia.common import clock, db
from koinonia.common.events.auth import ChurchRegistered
from koinonia.common.events.conversation import ReplyRequested, StaffNotified
from koinonia.common.events.messaging import MemberOptedOut, TextUnderstood
from koinonia.common.runtime import Running
from koinonia.common.testing import service
from koinonia.conversation.automatic import automatic_answers, decisions, office_hours
from koinonia.conversation.automatic.decisions import Situation
from koinonia.conversation.automatic.office_hours import Office
from koinonia.conversation.automatic.opening_times import Span
from koinonia.conversation.program import PROGRAM

from .factories import START, church, messages, opted, said, text, threads, understood

CLOSED = "We are closed."
NOON = [Span(7, 11 * 60, 13 * 60)]  # START is a Sunday, noon in UTC


async def hear(
    running: Running, church_id: UUID, content: str, minutes: float = 0, **of: Any
) -> TextUnderstood:
    """A text arrives, and what it means; returns what was heard of it."""
    inbound = text(content, minutes=minutes)
    with clock.freeze(inbound.received_at):
        meaning = understood(church_id, inbound, **of)
        await service.hear(PROGRAM, running, inbound, meaning)
    return meaning


async def answers(database: db.Database, church_id: UUID) -> list[tuple[str, str]]:
    lines = await messages(database, church_id)
    return [(line.source, line.content) for line in lines if line.direction == "outbound"]


@pytest_asyncio.fixture
async def closed(running: Running, database: db.Database, church_id: UUID) -> None:
    """The office of ``church_id`` in UTC is never open."""
    await opens(running, database, church_id, [])


async def opens(
    running: Running, database: db.Database, church_id: UUID, spans: list[Span]
) -> None:
    registered = ChurchRegistered(church_id=church_id, church_name="Grace", timezone="UTC")
    await service.hear(PROGRAM, running, registered)
    async with database.transaction(church_id) as session:
        await office_hours.change(session, church_id, is_enabled=True, spans=spans, answer=CLOSED)


@pytest.mark.usefixtures("closed")
async def test_a_text_while_the_office_is_closed_is_answered_once_a_day_and_stays_unread(
    running: Running, database: db.Database, church_id: UUID
) -> None:
    for minutes in (0, 5, 61, 24 * 60):
        await hear(running, church_id, f"Hello {minutes}", minutes)
    [thread] = await threads(database, church_id)
    asked = await said(database, ReplyRequested)
    assert await answers(database, church_id) == [("after_hours", CLOSED)] * 2
    assert (thread.unread_count, thread.status) == (4, "open")
    assert [(each.text, each.admin_id) for each in asked] == [(CLOSED, None)] * 2


async def test_a_text_while_the_office_is_open_is_left_to_staff(
    running: Running, database: db.Database, church_id: UUID
) -> None:
    await opens(running, database, church_id, NOON)
    await hear(running, church_id, "Hello", 59)
    assert await answers(database, church_id) == []
    await hear(running, church_id, "Hello?", 61)
    assert await answers(database, church_id) == [("after_hours", CLOSED)]


@pytest.mark.usefixtures("closed")
async def test_a_text_that_comes_an_hour_late_is_not_told_that_it_is_closed(
    running: Running, database: db.Database, church_id: UUID
) -> None:
    inbound = text("Hello")
    with clock.freeze(START + timedelta(minutes=61)):
        await service.hear(PROGRAM, running, inbound, understood(church_id, inbound))
    assert await answers(database, church_id) == []


async def test_a_keyword_is_answered_and_staff_who_want_to_know_are_told(
    running: Running, database: db.Database, church_id: UUID
) -> None:
    who = db.uuid7()
    await hear(
        running, church_id, "Youth", meaning="keyword", keyword="YOUTH", answer="Hi!", notify=[who]
    )
    [line] = [each for each in await messages(database, church_id) if each.direction == "inbound"]
    [told] = await said(database, StaffNotified)
    assert await answers(database, church_id) == [("keyword", "Hi!")]
    assert (told.admin_ids, told.reason, told.message_id) == ((who,), "keyword", line.id)


@pytest.mark.usefixtures("closed")
async def test_what_has_its_own_answer_or_none_gets_no_other(
    running: Running, database: db.Database, church_id: UUID
) -> None:
    for meaning in ("stop", "start", "help", "keyword"):
        await hear(running, church_id, meaning, meaning=meaning)
    assert await answers(database, church_id) == []


@pytest.mark.usefixtures("closed")
async def test_a_phone_that_said_stop_is_not_answered_by_itself_either(
    running: Running, database: db.Database, church_id: UUID
) -> None:
    await service.hear(PROGRAM, running, opted(MemberOptedOut, church_id))
    await hear(running, church_id, "Hello")
    await hear(running, church_id, "Youth", 1, meaning="keyword", answer="Hi!")
    assert await answers(database, church_id) == []


async def test_what_is_said_twice_of_a_text_is_answered_once(
    running: Running, database: db.Database, church_id: UUID
) -> None:
    heard = await hear(running, church_id, "Youth", meaning="keyword", answer="Hi!")
    twin = heard.model_copy(update={"id": db.uuid7()})
    await service.hear(PROGRAM, running, heard, twin)
    assert await answers(database, church_id) == [("keyword", "Hi!")]


async def test_a_batch_holds_texts_of_several_churches_and_twins(
    running: Running, database: db.Database, church_id: UUID
) -> None:
    theirs = await church(database, "+12025550199")
    texts = {church_id: text("Youth"), theirs: text("Youth", to="+12025550199")}
    await service.hear(PROGRAM, running, *texts.values())
    meanings = [
        understood(each, texts[each], meaning="keyword", answer="Hi!")
        for each in (church_id, theirs, church_id)
    ]
    await service.hear_together(PROGRAM, running, *meanings)
    for each in texts:
        assert await answers(database, each) == [("keyword", "Hi!")]


async def test_of_texts_that_come_together_each_church_s_own_hours_decide(
    running: Running, database: db.Database
) -> None:
    numbers = [f"+120255501{n}" for n in range(60, 66)]
    churches = [await church(database, number) for number in numbers]
    for church_id in churches[::2]:
        await opens(running, database, church_id, [])
    texts = [text("Hello", to=number) for number in numbers]
    told = [understood(*each) for each in zip(churches, texts, strict=True)]
    with clock.freeze(START):
        await service.hear_together(PROGRAM, running, *texts)
        await service.hear_together(PROGRAM, running, *told)
    given = [await answers(database, each) for each in churches]
    assert given == [[("after_hours", CLOSED)], []] * 3


@pytest.mark.usefixtures("closed")
async def test_two_texts_at_the_same_moment_get_one_answer(
    running: Running, database: db.Database, church_id: UUID
) -> None:
    pair = [text("Hello"), text("Anybody?")]
    with clock.freeze(START):
        await service.hear(PROGRAM, running, *pair)
        told = [understood(church_id, each) for each in pair]
        await asyncio.gather(*(service.hear(PROGRAM, running, each) for each in told * 2))
    assert await answers(database, church_id) == [("after_hours", CLOSED)]


async def test_what_is_heard_before_its_text_waits_for_it(
    running: Running, database: db.Database, church_id: UUID
) -> None:
    inbound = text("Youth")
    meaning = understood(church_id, inbound, meaning="keyword", answer="Hi!")
    with pytest.raises(automatic_answers.TextNotHere):
        await service.hear(PROGRAM, running, meaning)
    await service.hear(PROGRAM, running, inbound, meaning)
    assert await answers(database, church_id) == [("keyword", "Hi!")]


async def test_a_machine_that_answers_each_answer_soon_gets_none(
    running: Running, database: db.Database, church_id: UUID
) -> None:
    for minute in range(8):
        answer = f"Hi {minute}!"
        await hear(running, church_id, f"{minute}", minute, meaning="keyword", answer=answer)
    assert len(await answers(database, church_id)) == 3
    await hear(running, church_id, "hi  2!", 70, meaning="keyword", answer="Echo")
    await hear(running, church_id, "Later", 71, meaning="keyword", answer="Welcome back")
    assert len(await answers(database, church_id)) == 4


async def test_the_same_text_three_times_in_an_hour_is_a_machine_s(
    running: Running, database: db.Database, church_id: UUID
) -> None:
    for minute in range(5):
        await hear(running, church_id, "I am away", minute, meaning="keyword", answer=f"{minute}")
    assert len(await answers(database, church_id)) == 2


@given(
    st.lists(
        st.tuples(
            st.integers(0, 40),  # minutes since the text before
            st.sampled_from(["same", "echo", "new"]),
            st.sampled_from(["none", "keyword"]),
        ),
        max_size=30,
    )
)
def test_however_a_machine_answers_it_gets_no_more_than_the_cap(
    steps: list[tuple[int, str, str]],
) -> None:
    thread = Simulated()
    for number, (minutes, what, meaning) in enumerate(steps):
        thread.hear(minutes, what, meaning, number)
    for at, _ in thread.told:
        within = [each for each, _ in thread.told if at <= each < at + decisions.HOUR]
        assert len(within) <= decisions.MOST_IN_AN_HOUR
    days = [each for each in thread.claimed if each.startswith("after_hours")]
    assert len(days) == len(set(days))


class Simulated:
    """A thread in memory, answered by the very rules."""

    def __init__(self) -> None:
        self.now = START
        self.heard: list[tuple[datetime, str]] = []
        self.told: list[tuple[datetime, str]] = []
        self.claimed: list[str] = []
        self._office = Office(True, (), CLOSED, ZoneInfo("UTC"))

    def hear(self, minutes: int, what: str, meaning: str, number: int) -> None:
        self.now += timedelta(minutes=minutes)
        echo = self.told[-1][1] if self.told else "Hello"
        said = {"same": "I am away", "echo": echo, "new": f"New {number}"}[what]
        self.heard.append((self.now, said))
        inbound = text(said).model_copy(update={"received_at": self.now})
        event = understood(db.uuid7(), inbound, meaning, answer=f"Answer {number % 4}")
        answer = decisions.wanted_answer(event, self._office, self.now)
        if answer is None or answer.once in self.claimed:
            return
        if not decisions.objection(answer, self._seen()):
            self.claimed.append(answer.once)
            self.told.append((self.now, answer.text))

    def _seen(self) -> Situation:
        hour_ago = self.now - decisions.HOUR
        return Situation(
            text=self.heard[-1][1],
            answers_in_an_hour=sum(at > hour_ago for at, _ in self.told),
            texts=[each for at, each in self.heard if at > hour_ago],
            answers=[each for _, each in self.told],
        )
