"""STOP YOUTH leaves one ministry, START YOUTH comes back, STOP is everything."""

from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

import httpx
import pytest
import pytest_asyncio

from koinonia.common import db
from koinonia.common.events.messaging import StopAsked
from koinonia.messaging.inbound import wording
from koinonia.messaging.people.consent import consent_state, ledger, ministries

from . import factories
from .conftest import Client
from .person import PHONE, Person
from .stage import Stage

LEFT = wording.left("Grace Chapel", "Youth", "YOUTH")
REJOINED = wording.joined("Grace Chapel", "Youth", "YOUTH")
STOPPED = wording.stopped("Grace Chapel")


class Ministry(Person):
    """The person, and the youth group with its keyword."""

    group_id: UUID
    member_id: UUID

    async def is_in(self) -> bool:
        found = await self.stage.query(
            "SELECT 1 FROM group_members WHERE group_id = :group AND member_id = :member",
            group=self.group_id,
            member=self.member_id,
        )
        return bool(found)

    async def is_opted_out(self) -> bool:
        return bool(await self.stage.query("SELECT 1 FROM consents WHERE state = 'revoked'"))


@pytest_asyncio.fixture
async def youth(stage: Stage) -> Ministry:
    [number] = await stage.query("SELECT phone_number FROM phone_numbers")
    ministry = Ministry(stage, number.phone_number)
    async with stage.running.database.transaction(stage.church_id) as session:
        ministry.group_id = await factories.group(session, stage.church_id, name="Youth")
        await db.run(session, "UPDATE groups SET keyword = 'YOUTH', keyword_key = 'youth'")
        member = await factories.member(
            session, stage.church_id, phone_number=PHONE, groups=[ministry.group_id]
        )
        ministry.member_id = member.id
    return ministry


@pytest.mark.parametrize("words", ["STOP YOUTH", "Stop youth.", "leave Youth please", "QUIT YÓUTH"])
async def test_stop_and_the_keyword_leaves_that_group_alone(youth: Ministry, words: str) -> None:
    await youth.says(words)
    await youth.says(words)
    assert (await youth.is_in(), await youth.is_opted_out()) == (False, False)
    assert await youth.answers() == [LEFT]


async def test_start_and_the_keyword_comes_back(youth: Ministry) -> None:
    await youth.says("STOP YOUTH")
    await youth.says("join youth")
    assert await youth.is_in()
    assert await youth.answers() == [LEFT, REJOINED]
    assert await youth.stage.query("SELECT 1 FROM group_stops") == []


async def test_what_was_said_of_a_ministry_last_counts(youth: Ministry) -> None:
    earlier = youth._text("START YOUTH", youth.at)
    await youth.says("STOP YOUTH")
    await youth.stage.hear(earlier)
    assert not await youth.is_in()


@pytest.mark.parametrize("seed", range(6))
async def test_replayed_from_the_start_the_ledger_says_who_left(youth: Ministry, seed: int) -> None:
    random = Random(seed)
    words = [random.choice(["STOP YOUTH", "START YOUTH"]) for _ in range(7)]
    texts = [
        youth._text(text, youth.at + timedelta(minutes=random.randint(0, 4))) for text in words
    ]
    for text in texts:
        await youth.stage.hear(text)
    index = factories.PHONES.index(youth.stage.church_id, PHONE)
    async with youth.stage.running.database.transaction(youth.stage.church_id) as session:
        history = await ledger.history(session, youth.stage.church_id, index)
    stopped = consent_state.is_stopped(history, youth.group_id)
    assert await youth.is_in() is not stopped
    assert bool(await youth.stage.query("SELECT 1 FROM group_stops")) is stopped


async def test_the_ledger_keeps_the_words_and_the_ministry(youth: Ministry) -> None:
    await youth.says("STOP YOUTH")
    [entry] = await youth.stage.query("SELECT * FROM consent_events WHERE scope IS NOT NULL")
    assert (entry.kind, entry.method, entry.scope) == ("revoked", "keyword", youth.group_id)
    assert entry.answer_id


async def test_staff_who_add_them_again_reach_them_by_other_groups_only(youth: Ministry) -> None:
    church_id = youth.stage.church_id
    await youth.says("STOP YOUTH")
    async with youth.stage.running.database.transaction(church_id) as session:
        choir = await factories.group(session, church_id, name="Choir")
        await factories.member(session, church_id, groups=[youth.group_id, choir])
        for group in (youth.group_id, choir):
            await db.run(
                session,
                """
                INSERT INTO group_members (church_id, group_id, member_id)
                VALUES (:church, :group, :member)
                """,
                {"church": church_id, "group": group, "member": youth.member_id},
            )
    sent = await youth.stage.send(targetType="groups", targetIds=[str(youth.group_id)])
    assert sent.total_recipients == 1
    assert (await youth.stage.message(sent.id)).excluded["ministry_stopped"] == 1
    sent = await youth.stage.send(targetType="groups", targetIds=[str(choir)])
    assert sent.total_recipients == 2


async def test_who_leaves_after_the_message_was_made_is_skipped(youth: Ministry) -> None:
    church_id = youth.stage.church_id
    async with youth.stage.running.database.transaction(church_id) as session:
        choir = await factories.group(session, church_id, name="Choir")
        await db.run(
            session,
            """
            INSERT INTO group_members (church_id, group_id, member_id)
            VALUES (:church, :group, :member)
            """,
            {"church": church_id, "group": choir, "member": youth.member_id},
        )
    by_one = await youth.stage.send(targetType="groups", targetIds=[str(youth.group_id)])
    both = [str(youth.group_id), str(choir)]
    by_two = await youth.stage.send(targetType="groups", targetIds=both)
    await youth.says("STOP YOUTH")
    assert len(await youth.receives()) == 2  # the one by both groups, and the confirmation
    [text] = await youth.stage.texts(by_one.id)
    assert (text.status, text.failure) == ("skipped", "ministry_stopped")
    assert [text.status for text in await youth.stage.texts(by_two.id)] != ["skipped"]


@pytest.mark.parametrize("kind", ["filter", "recipients_of"])
async def test_who_leaves_is_skipped_whichever_target_named_the_ministry(
    youth: Ministry, kind: str
) -> None:
    wanted = {"groups": {"anyOf": [str(youth.group_id)]}}
    sent = await youth.stage.send(target={"type": "filter", "filter": wanted})
    if kind == "recipients_of":
        await youth.stage.run("UPDATE message_recipients SET status = 'delivered'")
        target = {"type": kind, "messageId": str(sent.id), "statuses": ["delivered"]}
        sent = await youth.stage.send(target=target)
    await youth.says("STOP YOUTH")
    assert len(await youth.receives()) == 1  # the confirmation
    [text] = await youth.stage.texts(sent.id)
    assert (text.status, text.failure) == ("skipped", "ministry_stopped")


async def test_stop_alone_is_everything(youth: Ministry) -> None:
    await youth.says("Stop please")
    assert await youth.is_opted_out()
    assert await youth.is_in()


async def test_who_stopped_everything_is_told_how_to_come_back(youth: Ministry) -> None:
    await youth.says("Stop please")
    await youth.says("STOP YOUTH")
    await youth.says("START YOUTH")
    assert await youth.is_opted_out()
    assert await youth.answers() == [STOPPED, wording.still_stopped("Grace Chapel", "Youth")]


@pytest.mark.parametrize(
    ("words", "questions"), [("STOP CHOIR", 1), ("Stop Choir", 1), ("STOP FOO", 0)]
)
async def test_stop_and_a_group_without_a_keyword_is_a_question(
    youth: Ministry, words: str, questions: int
) -> None:
    async with youth.stage.running.database.transaction(youth.stage.church_id) as session:
        await factories.group(session, youth.stage.church_id, name="Choir")
    await youth.says(words)
    assert not await youth.is_opted_out()
    assert len(await youth.stage.told(StopAsked)) == questions


@pytest.mark.parametrize("words", ["Stop laughing", "start youth group at 5", "I lead the youth"])
async def test_other_words_are_ordinary(youth: Ministry, words: str) -> None:
    await youth.says(words)
    assert (await youth.is_in(), await youth.is_opted_out()) == (True, False)
    assert await youth.answers() == []


async def create(api: httpx.AsyncClient, keyword: str | None, name: str = "Youth") -> Any:
    branch = await api.post("/api/branches", json={"name": f"Branch of {name}"})
    body = {"name": name, "branchId": branch.json()["id"], "keyword": keyword}
    return await api.post("/api/groups", json=body)


async def test_a_group_is_given_its_keyword_and_loses_it(api: httpx.AsyncClient) -> None:
    group = (await create(api, "Youth")).json()
    assert group["keyword"] == "Youth"
    path = f"/api/groups/{group['id']}"
    renamed = await api.patch(path, json={"name": "Teens"})
    assert (renamed.json()["name"], renamed.json()["keyword"]) == ("Teens", "Youth")
    assert (await api.patch(path, json={"keyword": "TEENS"})).json()["keyword"] == "TEENS"
    assert (await api.patch(path, json={"keyword": None})).json()["keyword"] is None


async def test_a_keyword_belongs_to_one_group_of_the_church(
    api: httpx.AsyncClient, client: Client, other_church_id: UUID
) -> None:
    first = (await create(api, "YOUTH")).json()
    taken = await create(api, "youth", "Teens")
    assert (taken.status_code, taken.json()["error"]["code"]) == (409, "KEYWORD_TAKEN")
    assert (await create(client(other_church_id), "YOUTH")).status_code == 201
    again = await api.patch(f"/api/groups/{first['id']}", json={"keyword": "youth"})
    assert again.status_code == 200


@pytest.mark.parametrize("word", ["stop", "ALL", "Help", "yes", "please", "two words", "texting"])
async def test_a_word_with_a_meaning_of_its_own_is_no_keyword(
    api: httpx.AsyncClient, word: str
) -> None:
    refused = await create(api, word)
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "KEYWORD_RESERVED")


@pytest.mark.parametrize("word", ["YOUTH", "men", "Choir", "K2", "jóvenes", "daily"])
def test_a_ministrys_name_is_a_keyword(word: str) -> None:
    assert not ministries.is_reserved(word)
