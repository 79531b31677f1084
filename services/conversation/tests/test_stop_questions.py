"""The inbox shows a text that may ask to stop until that is settled."""

from typing import Any
from uuid import UUID

import httpx

from koinonia.common import db, migrations
from koinonia.common.identity import Role
from koinonia.common.testing import phones
from koinonia.common.testing.databases import Databases
from koinonia.common.testing.secrets import role_password

from .conftest import Client
from .factories import asked, hear, reasons, settled, text
from .truths import untrue

WORDS = "no more messages from your church please"


async def shown(api: httpx.AsyncClient) -> tuple[Any, Any]:
    """The question in the list and in the thread."""
    [listed] = (await api.get("/api/conversations")).json()["data"]
    thread = (await api.get(f"/api/conversations/{listed['id']}")).json()
    return listed["stopQuestion"], thread["stopQuestion"]


async def test_a_question_is_shown_with_its_words_in_the_list_and_in_the_thread(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    inbound = text(WORDS)
    await hear(database, inbound, asked(church_id, inbound))
    listed, thread = await shown(api)
    assert listed == thread
    assert (listed["words"], listed["askedAt"]) == (WORDS, "2026-03-01T12:00:00Z")
    assert (await reasons(database))[-1] == "stop_asked"


async def test_a_question_that_comes_before_its_text_is_shown_with_the_text(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    inbound = text(WORDS)
    await hear(database, asked(church_id, inbound), inbound)
    assert (await shown(api))[0]["words"] == WORDS


async def test_a_settled_question_is_gone_in_whatever_order_it_is_heard(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    for reverse in (False, True):
        inbound = text(WORDS, minutes=reverse)
        question = asked(church_id, inbound)
        events = [question, settled(question)]
        await hear(database, inbound, *(reversed(events) if reverse else events))
        assert await shown(api) == (None, None)


async def test_a_later_question_is_shown_again(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    first, second = text("Alto"), text(WORDS, minutes=5)
    question = asked(church_id, first)
    await hear(database, first, question, settled(question), second, asked(church_id, second))
    assert (await shown(api))[0]["words"] == WORDS


async def test_who_may_have_asked_to_stop_can_be_answered(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    inbound = text(WORDS)
    await hear(database, inbound, asked(church_id, inbound))
    [listed] = (await api.get("/api/conversations")).json()["data"]
    path = f"/api/conversations/{listed['id']}/reply"
    assert (await api.post(path, json={"content": "Do you mean our texts?"})).status_code < 300


async def listed(api: httpx.AsyncClient, **params: str) -> list[str]:
    answer = await api.get("/api/conversations", params={"stopQuestion": "open", **params})
    assert answer.status_code == 200, answer.text
    return [each["stopQuestion"]["words"] for each in answer.json()["data"]]


async def counted(api: httpx.AsyncClient) -> dict[str, int]:
    found: dict[str, int] = (await api.get("/api/conversations/counts")).json()["stopQuestions"]
    return found


async def test_staff_list_and_count_what_is_to_be_settled_whatever_the_status(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    texts = [text(f"{WORDS} {n}", phones.phone(n), minutes=n) for n in (1, 2, 3)]
    questions = [asked(church_id, each) for each in texts[:2]]
    await hear(database, *texts, *questions)
    [newer, _] = (await api.get("/api/conversations?stopQuestion=open")).json()["data"]
    await api.patch(f"/api/conversations/{newer['id']}/status", json={"status": "closed"})
    assert await listed(api) == [f"{WORDS} 2", f"{WORDS} 1"]
    assert await listed(api, status="open") == [f"{WORDS} 1"]
    assert await counted(api) == {"total": 2, "unread": 2}
    await hear(database, settled(questions[0]))
    assert await listed(api) == [f"{WORDS} 2"]
    assert await counted(api) == {"total": 1, "unread": 1}


async def test_a_viewer_sees_what_is_to_be_settled(
    client: Client, database: db.Database, church_id: UUID
) -> None:
    inbound = text(WORDS)
    await hear(database, inbound, asked(church_id, inbound))
    async with client(church_id, Role.VIEWER) as viewer:
        assert await listed(viewer) == [WORDS]
        assert await counted(viewer) == {"total": 1, "unread": 1}


async def test_a_question_can_be_listed_as_open_only(api: httpx.AsyncClient) -> None:
    answer = await api.get("/api/conversations?stopQuestion=settled")
    assert answer.status_code == 400


async def test_questions_of_before_are_listed_and_the_facet_goes_back(
    api: httpx.AsyncClient, databases: Databases, database: db.Database, church_id: UUID
) -> None:
    inbound = text(WORDS)
    await hear(database, inbound, asked(church_id, inbound))
    await migrations.downgrade(databases.admin_url, "conversation", revision="conversation_0007")
    async with database.transaction(church_id) as session:
        assert not await db.exists(
            session, "SELECT 1 FROM conversation_facets WHERE facet LIKE 'stop%'"
        )
    await migrations.upgrade(
        databases.admin_url, "conversation", role_password(databases.admin_url)
    )
    assert await listed(api) == [WORDS]
    assert await untrue(database, church_id) == {}
