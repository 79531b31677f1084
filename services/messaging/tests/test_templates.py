"""``/api/templates``."""

from typing import Any
from uuid import UUID

import asyncpg
import httpx

from koinonia.common import clock, db, migrations
from koinonia.common.events.auth import ChurchRegistered, ChurchUpdated
from koinonia.common.identity import Role
from koinonia.common.testing import service
from koinonia.common.testing.databases import Databases
from koinonia.common.testing.secrets import role_password
from koinonia.messaging.composing import templates
from koinonia.messaging.composing.starter_templates import STARTERS
from koinonia.messaging.program import PROGRAM

from .conftest import Client

PATH = "/api/templates"
PICNIC = {
    "name": "Picnic",
    "category": "Events ",
    "content": "Hi {{ firstName | friend }}, picnic at {{churchName}}!",
}


async def _made(api: httpx.AsyncClient, **given: Any) -> dict[str, Any]:
    answer = await api.post(PATH, json=PICNIC | given)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def _names(api: httpx.AsyncClient, query: str = "") -> list[str]:
    return [each["name"] for each in (await api.get(PATH + query)).json()["data"]]


async def test_a_template_is_made_changed_and_removed(api: httpx.AsyncClient) -> None:
    made = await _made(api)
    assert (made["category"], made["fields"]) == ("events", ["firstName", "churchName"])

    path = f"{PATH}/{made['id']}"
    changed = (await api.patch(path, json={"content": "Hello!"})).json()
    assert (changed["name"], changed["content"], changed["fields"]) == ("Picnic", "Hello!", [])
    assert (await api.get(path)).json() == changed

    assert (await api.delete(path)).status_code == 204
    assert (await api.get(path)).json()["error"]["code"] == "TEMPLATE_NOT_FOUND"


async def test_templates_are_listed_by_name_page_by_page(api: httpx.AsyncClient) -> None:
    for name in ("cat", "Ärger", "Bee"):
        await _made(api, name=name)
    first = (await api.get(f"{PATH}?limit=2")).json()
    rest = (await api.get(f"{PATH}?limit=2&cursor={first['nextCursor']}")).json()
    assert [each["name"] for each in first["data"] + rest["data"]] == ["Ärger", "Bee", "cat"]
    assert (await api.get(f"{PATH}?page=2&limit=2")).json()["total"] == 3


async def test_templates_are_listed_by_category(api: httpx.AsyncClient) -> None:
    await _made(api)
    await _made(api, name="Hello", category="welcome")
    assert await _names(api, "?category=Welcome") == ["Hello"]
    assert await _names(api, "?category=other") == []
    assert (await api.get(f"{PATH}/categories")).json()["data"] == [
        {"category": "events", "templates": 1},
        {"category": "welcome", "templates": 1},
    ]


async def test_a_name_is_given_once_in_a_church(
    client: Client, church_id: UUID, other_church_id: UUID
) -> None:
    ours, theirs = client(church_id), client(other_church_id)
    other = await _made(ours, name="Other")
    await _made(ours)
    await _made(theirs)
    again = await ours.post(PATH, json=PICNIC | {"name": " PICNIC"})
    renamed = await ours.patch(f"{PATH}/{other['id']}", json={"name": "picnic"})
    for refused in (again, renamed):
        assert (refused.status_code, refused.json()["error"]["code"]) == (409, "TEMPLATE_EXISTS")


async def test_a_template_is_refused_for_what_a_message_would_be(api: httpx.AsyncClient) -> None:
    async def code(**given: Any) -> tuple[int, str]:
        answer = await api.post(PATH, json=PICNIC | given)
        return answer.status_code, answer.json()["error"]["code"]

    assert await code(content="Hi {{nickname}}") == (400, "UNKNOWN_CUSTOM_FIELD")
    assert await code(content="Hi {{firstName") == (400, "BAD_MERGE_FIELD")
    assert await code(content="  ") == (400, "VALIDATION_ERROR")
    assert await code(content="x" * 1601) == (400, "VALIDATION_ERROR")
    assert await code(content="x\u0000") == (400, "VALIDATION_ERROR")
    assert await code(name=" ") == (400, "VALIDATION_ERROR")


async def test_a_template_is_its_church_s_own(
    client: Client, church_id: UUID, other_church_id: UUID
) -> None:
    made = await _made(client(church_id))
    theirs = client(other_church_id)
    path = f"{PATH}/{made['id']}"
    answers = [
        await theirs.get(path),
        await theirs.patch(path, json={"name": "Mine"}),
        await theirs.delete(path),
    ]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert await _names(theirs) == []


async def test_a_viewer_reads_templates_and_changes_none(client: Client, church_id: UUID) -> None:
    made = await _made(client(church_id))
    viewer = client(church_id, Role.VIEWER)
    path = f"{PATH}/{made['id']}"
    assert (await viewer.get(path)).status_code == 200
    assert (await viewer.post(PATH, json=PICNIC)).status_code == 403
    assert (await viewer.patch(path, json={})).status_code == 403
    assert (await viewer.delete(path)).status_code == 403


async def test_the_content_of_a_template_is_there_to_be_sent(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    made = await _made(api)
    async with database.transaction(church_id) as session:
        assert (await templates.get(session, UUID(made["id"]))).content == PICNIC["content"]


async def test_a_new_church_has_templates_and_keeps_away_those_it_removes(
    house: Any, client: Client
) -> None:
    church_id, now = db.uuid7(), clock.now()
    words = {"church_id": church_id, "church_name": "Grace", "timezone": "America/Chicago"}
    await service.hear(PROGRAM, house, ChurchRegistered(occurred_at=now, **words))
    api = client(church_id)
    listed = (await api.get(PATH)).json()["data"]
    assert {each["name"] for each in listed} == {starter.name for starter in STARTERS}

    await api.delete(f"{PATH}/{listed[0]['id']}")
    await service.hear(PROGRAM, house, ChurchUpdated(occurred_at=now, **words))
    assert await _names(api) == [each["name"] for each in listed[1:]]


async def test_churches_of_before_have_templates_too(databases: Databases) -> None:
    await migrations.downgrade(databases.admin_url, "messaging", revision="messaging_0003")
    owner = await asyncpg.connect(databases.admin_url)
    await owner.execute(
        """
        INSERT INTO messaging.churches (church_id, name, timezone, changed_at)
        SELECT gen_random_uuid(), 'Grace', 'America/Chicago', now() FROM generate_series(1, 2)
        """
    )
    await migrations.upgrade(databases.admin_url, "messaging", role_password(databases.admin_url))
    found = await owner.fetchval("SELECT count(*) FROM messaging.templates")
    await owner.close()
    assert found == 2 * len(STARTERS)
