"""JOIN YOUTH and the church's own keywords: who texts one comes into the group and agreed to it."""

import asyncio
from typing import Any
from uuid import UUID

import pytest_asyncio

from koinonia.common import db
from koinonia.common.events.auth import AdminJoined, AdminRemoved
from koinonia.common.events.messaging import (
    GroupMembersChanged,
    MemberCreated,
    MemberOptedIn,
    TextUnderstood,
)
from koinonia.messaging.inbound import wording
from koinonia.messaging.keywords import keywords
from koinonia.messaging.keywords.keywords import Keyword

from . import factories
from .person import PHONE, Person
from .stage import Stage

ANSWER = "See you on June 7!"
JOINED = wording.joined("Grace Chapel", "Youth", "YOUTH")


class Caller(Person):
    """A phone that texts a church with the group Youth, and PICNIC as a keyword of its own."""

    youth: UUID
    picnic: UUID

    async def keyword(self, word: str, **given: Any) -> UUID:
        values: dict[str, Any] = {"group_id": None, "answer": ANSWER, "notify": ()} | given
        keyword = Keyword(word=word, **{"is_active": True, **values})
        async with self.stage.running.database.transaction(self.stage.church_id) as session:
            made = await keywords.create(session, self.stage.church_id, keyword)
        return UUID(str(made.id))

    async def group(self, name: str, keyword: str | None) -> UUID:
        async with self.stage.running.database.transaction(self.stage.church_id) as session:
            group_id = await factories.group(session, self.stage.church_id, name=name)
            await db.run(
                session,
                "UPDATE groups SET keyword = :word, keyword_key = lower(:word) WHERE id = :id",
                {"id": group_id, "word": keyword},
            )
        return group_id

    async def told(self) -> TextUnderstood:
        """Of the last text."""
        return (await self.stage.told(TextUnderstood))[-1]

    async def members(self, group_id: UUID) -> list[str]:
        """The first names of who is in a group."""
        rows = await self.stage.query(
            """
            SELECT m.first_name FROM group_members gm JOIN members m ON m.id = gm.member_id
             WHERE gm.group_id = :group ORDER BY 1
            """,
            group=group_id,
        )
        return [row.first_name for row in rows]

    async def consent(self) -> str:
        rows = await self.stage.query("SELECT state FROM consents")
        return rows[0].state if rows else "none"

    async def ledger(self) -> list[tuple[str, str, UUID | None]]:
        rows = await self.stage.query(
            "SELECT kind, method, scope FROM consent_events ORDER BY occurred_at, scope"
        )
        return [tuple(row) for row in rows]


@pytest_asyncio.fixture
async def caller(stage: Stage) -> Caller:
    [number] = await stage.query("SELECT phone_number FROM phone_numbers")
    made = Caller(stage, number.phone_number)
    made.youth, made.picnic = await made.group("Youth", "YOUTH"), await made.group("Picnic", None)
    await made.keyword("Summer Picnic", group_id=made.picnic)
    return made


TEXTS = {
    "SUMMER PICNIC": "Summer Picnic",
    '"summer  pícnic!" 🎉': "Summer Picnic",
    "Hi! Summer picnic, please. Thank you": "Summer Picnic",
    "Summer-picnic\n\nSent from my iPhone": "Summer Picnic",
    "Join Youth": "JOIN YOUTH",
    "JOIN YOUTH GROUP": "JOIN YOUTH",
    "start youth": "START YOUTH",
    "JOIN PICNIC": None,  # a group without a keyword of its own
    "picnic": None,
    "Is the summer picnic on?": None,
    "Summer": None,
    "youth": None,
    "Liked “Summer picnic”": None,
    "🎉": None,
}


async def test_a_text_is_a_keyword_or_not(caller: Caller) -> None:
    await caller.stage.hear(*(caller._text(text, caller.at) for text in TEXTS))
    told = await caller.stage.told(TextUnderstood)
    assert [each.keyword for each in told] == list(TEXTS.values())
    assert {(each.meaning, each.keyword is None) for each in told} == {
        ("keyword", False),
        ("none", True),
    }


async def test_a_group_is_joined_by_its_name_as_well_once_it_has_a_keyword(caller: Caller) -> None:
    women = await caller.group("Women's Bible Study", "WBS")
    await caller.says("Join womens bible study")
    assert await caller.members(women) == [""]


async def test_a_keyword_makes_a_stranger_a_member_without_a_name(caller: Caller) -> None:
    await caller.says("Summer Picnic")
    [created] = await caller.stage.told(MemberCreated)
    assert [(each.first_name, each.last_name) for each in created.members] == [("", "")]
    [change] = await caller.stage.told(GroupMembersChanged)
    assert (change.group_id, change.joined) == (caller.picnic, (created.members[0].member_id,))
    assert await caller.consent() == "granted"


async def test_the_church_s_answer_says_once_how_to_get_no_more(caller: Caller) -> None:
    await caller.says("Summer Picnic")
    assert (await caller.told()).answer == f"{ANSWER} Reply STOP to opt out."
    await caller.says("Summer Picnic")
    assert (await caller.told()).answer == ANSWER
    assert await caller.answers() == []


async def test_a_group_without_an_answer_of_the_church_is_confirmed_by_us(caller: Caller) -> None:
    await caller.says("JOIN YOUTH")
    await caller.says("join youth please")
    assert (await caller.told()).answer is None
    assert await caller.answers() == [JOINED]


async def test_the_ledger_keeps_what_was_agreed_to(caller: Caller) -> None:
    await caller.says("JOIN YOUTH")
    assert await caller.ledger() == [
        ("granted", "keyword", caller.youth),
        ("granted", "keyword", None),
    ]
    rows = await caller.stage.query("SELECT words, event_id FROM consent_events")
    assert all(row.words and row.event_id for row in rows)


async def test_of_a_family_who_was_known_first_joins_and_no_child_with_them(
    caller: Caller,
) -> None:
    for name in ("Mary", "Ben", "Anna"):
        await caller.stage.member(PHONE, name)
    await caller.says("JOIN YOUTH")
    await caller.says("JOIN YOUTH")
    assert await caller.members(caller.youth) == ["Mary"]


async def test_nobody_else_of_a_family_joins_where_one_is_in_the_group(caller: Caller) -> None:
    await caller.stage.member(PHONE, "Mary")
    async with caller.stage.running.database.transaction(caller.stage.church_id) as session:
        await factories.member(
            session,
            caller.stage.church_id,
            phone_number=PHONE,
            first_name="Ben",
            groups=[caller.youth],
        )
    await caller.says("JOIN YOUTH")
    assert await caller.members(caller.youth) == ["Ben"]


async def test_who_said_stop_to_us_comes_back_by_a_keyword(caller: Caller) -> None:
    await caller.stage.member(PHONE)
    await caller.says("please stop texting me")
    await caller.says("Summer Picnic")
    assert await caller.consent() == "granted"
    assert len(await caller.stage.told(MemberOptedIn)) == 1
    assert (await caller.told()).answer == f"{ANSWER} Reply STOP to opt out."


async def test_what_the_carrier_blocks_no_keyword_lifts(caller: Caller) -> None:
    await caller.stage.member(PHONE)
    await caller.says("STOP", by_carrier="STOP")
    for text in ("Summer Picnic", "JOIN YOUTH"):
        await caller.says(text)
        assert (await caller.told()).answer is None
    assert await caller.consent() == "revoked"
    assert await caller.answers() == []


async def test_a_stop_that_is_newer_than_a_late_keyword_stands(caller: Caller) -> None:
    await caller.stage.member(PHONE)
    late = caller._text("Summer Picnic", caller.at)
    await caller.says("please stop texting me")
    await caller.stage.hear(late)
    assert await caller.consent() == "revoked"
    assert (await caller.told()).answer is None


async def test_a_keyword_takes_back_the_stop_of_its_ministry(caller: Caller) -> None:
    await caller.stage.member(PHONE, "Mary")
    await caller.keyword("Young", group_id=caller.youth)
    await caller.says("JOIN YOUTH")
    await caller.says("STOP YOUTH")
    assert await caller.members(caller.youth) == []
    await caller.says("Young")
    assert await caller.members(caller.youth) == ["Mary"]
    assert await caller.stage.query("SELECT 1 FROM group_stops") == []


async def test_a_keyword_of_no_group_only_answers(caller: Caller) -> None:
    await caller.keyword("Times")
    await caller.says("times?")
    assert (await caller.told()).answer == ANSWER
    assert await caller.stage.query("SELECT 1 FROM members") == []
    assert (await caller.consent(), await caller.ledger()) == ("none", [])


async def test_who_said_stop_gets_no_answer_to_a_keyword_of_no_group(caller: Caller) -> None:
    await caller.keyword("Times")
    await caller.says("please stop texting me")
    await caller.says("Times")
    assert ((await caller.told()).answer, await caller.consent()) == (None, "revoked")


async def test_a_keyword_that_is_switched_off_does_nothing(caller: Caller) -> None:
    await caller.keyword("JOIN YOUTH", is_active=False)
    await caller.says("JOIN YOUTH")
    assert (await caller.told()).meaning == "none"
    assert await caller.members(caller.youth) == []


async def test_those_who_still_work_for_the_church_are_notified(caller: Caller) -> None:
    church_id, here, gone = caller.stage.church_id, db.uuid7(), db.uuid7()
    for admin_id in (here, gone):
        joined = AdminJoined(church_id=church_id, admin_id=admin_id, role="staff")
        await caller.stage.hear(joined)
    await caller.keyword("Prayer", answer=None, notify=(here, gone))
    await caller.stage.hear(AdminRemoved(church_id=church_id, admin_id=gone))
    await caller.says("Prayer!")
    told = await caller.told()
    assert (told.keyword, told.answer, told.notify) == ("Prayer", None, (here,))


async def test_one_keyword_said_twice_at_once_makes_one_member(caller: Caller) -> None:
    texts = [caller._text("Summer Picnic", caller.at) for _ in range(4)]
    await asyncio.gather(*(caller.stage.hear(text) for text in texts))
    assert await caller.members(caller.picnic) == [""]
    assert len(await caller.stage.told(MemberCreated)) == 1
    assert len(await caller.stage.told(TextUnderstood)) == 4


async def test_a_machine_with_a_short_code_joins_nothing(caller: Caller) -> None:
    text = caller._text("Summer Picnic", caller.at)
    machine = factories.PHONES.seal("72975")
    await caller.stage.hear(text.model_copy(update={"sealed_sender": machine}))
    assert (await caller.told()).meaning == "none"
    assert (await caller.members(caller.picnic), await caller.ledger()) == ([], [])


async def test_another_church_s_keyword_is_nothing_here(caller: Caller) -> None:
    async with caller.stage.running.database.transaction() as session:
        other = await factories.church(session, "Hope Hall")
        number = await factories.active_number(session, other)
    await caller.says("Summer Picnic", number=number.phone_number)
    assert await caller.stage.query("SELECT 1 FROM members") == []
    assert await caller.stage.told(TextUnderstood) == []
