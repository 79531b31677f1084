"""``/api/fields``, and members who have values in them."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from koinonia.common import clock, db
from koinonia.common.identity import Role
from koinonia.common.testing import probe
from koinonia.common.testing.eventually import eventually
from koinonia.messaging.composing import custom_fields

from . import factories
from .conftest import Client

PATH = "/api/fields"


async def _made(api: httpx.AsyncClient, key: str = "smallGroup", label: str = "") -> str:
    answer = await api.post(PATH, json={"key": key, "label": label or f"The {key}"})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def _member(api: httpx.AsyncClient, fields: dict[str, Any]) -> dict[str, Any]:
    body = {"firstName": "Ada", "phone": factories.phone(), "fields": fields}
    answer = await api.post("/api/members", json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def _somebody_waits(database: db.Database) -> bool:
    async with database.transaction() as session:
        found = await probe.first(
            session,
            """
            SELECT pid FROM pg_stat_activity
             WHERE datname = current_database() AND wait_event_type = 'Lock'
            """,
        )
    return found is not None


def _refused(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


async def test_a_field_is_made_renamed_and_removed(api: httpx.AsyncClient) -> None:
    field_id = await _made(api)
    path = f"{PATH}/{field_id}"
    renamed = (await api.patch(path, json={"label": "Home group"})).json()
    assert (renamed["key"], renamed["label"]) == ("smallGroup", "Home group")
    assert (await api.get(path)).json() == renamed

    assert (await api.delete(path)).status_code == 204
    assert _refused(await api.get(path)) == (404, "FIELD_NOT_FOUND")


async def test_fields_are_listed_by_label_page_by_page(api: httpx.AsyncClient) -> None:
    for key, label in (("a", "Table"), ("b", "Seat"), ("c", "Área")):
        await _made(api, key, label)
    first = (await api.get(f"{PATH}?limit=2")).json()
    rest = (await api.get(f"{PATH}?limit=2&cursor={first['nextCursor']}")).json()
    assert [each["key"] for each in first["data"] + rest["data"]] == ["c", "b", "a"]


@pytest.mark.parametrize("key", ["", "1st", "small group", "Small", "a-b", "x" * 41, "a'b", "é"])
async def test_a_key_is_a_word_in_camel_case(api: httpx.AsyncClient, key: str) -> None:
    answer = await api.post(PATH, json={"key": key, "label": "Label"})
    assert _refused(answer) == (400, "VALIDATION_ERROR")


@pytest.mark.parametrize(
    ("key", "label"), [("firstName", "X"), ("firstname", "X"), ("x", "Time zone"), ("x", "E-mail")]
)
async def test_what_every_member_has_cannot_be_defined_again(
    api: httpx.AsyncClient, key: str, label: str
) -> None:
    assert _refused(await api.post(PATH, json={"key": key, "label": label})) == (
        400,
        "FIELD_RESERVED",
    )


async def test_keys_and_labels_of_a_church_are_all_different(
    client: Client, church_id: UUID, other_church_id: UUID
) -> None:
    api = client(church_id)
    await _made(api, "smallGroup", "Home group")
    for key, label in (("smallgroup", "X"), ("x", "home-GROUP"), ("x", "Small group")):
        answer = await api.post(PATH, json={"key": key, "label": label})
        assert _refused(answer) == (409, "FIELD_EXISTS")
    await _made(client(other_church_id), "smallGroup", "Home group")


async def test_a_church_has_at_most_fifty_fields(api: httpx.AsyncClient) -> None:
    for n in range(custom_fields.MOST - 1):
        await _made(api, f"field{n}")
    last = [api.post(PATH, json={"key": f"last{n}", "label": f"Last {n}"}) for n in range(3)]
    answers = await asyncio.gather(*last)
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]


async def test_a_member_takes_and_shows_values(api: httpx.AsyncClient) -> None:
    await _made(api)
    await _made(api, "seat")
    member = await _member(api, {"smallGroup": " Blue \u00a0 team", "seat": ""})
    assert member["fields"] == {"smallGroup": "Blue team"}

    path = f"/api/members/{member['id']}"
    assert (await api.patch(path, json={"firstName": "Eve"})).json()["fields"] == member["fields"]
    both = (await api.patch(path, json={"fields": {"seat": "4"}})).json()["fields"]
    assert both == {"smallGroup": "Blue team", "seat": "4"}
    one = (await api.patch(path, json={"fields": {"smallGroup": None}})).json()["fields"]
    assert one == {"seat": "4"}
    [listed] = (await api.get("/api/members")).json()["data"]
    assert listed["fields"] == {"seat": "4"}


async def test_a_member_has_only_fields_that_the_church_defined(
    client: Client, church_id: UUID, other_church_id: UUID
) -> None:
    await _made(client(other_church_id), "seat")
    api = client(church_id)
    await _made(api)
    member = await _member(api, {})
    body = {"firstName": "Ada", "phone": factories.phone(), "fields": {"seat": "4"}}
    for refused in (
        await api.post("/api/members", json=body),
        await api.patch(f"/api/members/{member['id']}", json={"fields": {"seat": None}}),
    ):
        assert _refused(refused) == (400, "UNKNOWN_CUSTOM_FIELD")
        assert refused.json()["error"]["details"] == {"unknown": ["seat"], "known": ["smallGroup"]}


async def test_a_removed_field_takes_its_values_with_it(
    client: Client, church_id: UUID, other_church_id: UUID
) -> None:
    api, theirs = client(church_id), client(other_church_id)
    field_id = await _made(api)
    await _made(theirs)
    member = await _member(api, {"smallGroup": "Blue"})
    other = await _member(theirs, {"smallGroup": "Red"})
    assert (await api.delete(f"{PATH}/{field_id}")).status_code == 204
    await _made(api)

    assert (await api.get(f"/api/members/{member['id']}")).json()["fields"] == {}
    assert (await theirs.get(f"/api/members/{other['id']}")).json()["fields"] == {
        "smallGroup": "Red"
    }


async def test_a_field_that_a_template_names_is_not_removed(api: httpx.AsyncClient) -> None:
    field_id = await _made(api)
    body = {"name": "Groups", "content": "Your group: {{smallGroup|none yet}}"}
    template = (await api.post("/api/templates", json=body)).json()

    refused = await api.delete(f"{PATH}/{field_id}")
    assert _refused(refused) == (409, "FIELD_IN_USE")
    assert refused.json()["error"]["details"] == {"templates": ["Groups"], "schedules": []}

    await api.delete(f"/api/templates/{template['id']}")
    assert (await api.delete(f"{PATH}/{field_id}")).status_code == 204


async def test_what_a_scheduled_message_needs_is_not_removed(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    async with database.transaction(church_id) as session:
        await factories.active_number(session, church_id)
        await factories.member(session, church_id)
    field = f"{PATH}/{await _made(api)}"
    template = (await api.post("/api/templates", json={"name": "Hi", "content": "Hi!"})).json()
    tomorrow = clock.now() + timedelta(days=1)
    later = {"targetType": "all", "scheduledAt": tomorrow.isoformat()}
    names = []
    for words in ({"content": "{{smallGroup|You}}: hi!"}, {"templateId": template["id"]}):
        answer = await api.post("/api/schedules", json=later | words)
        assert answer.status_code == 201, answer.text
        names.append(answer.json()["id"])

    kept = [await api.delete(path) for path in (field, f"/api/templates/{template['id']}")]

    assert [_refused(each) for each in kept] == [(409, "FIELD_IN_USE"), (409, "TEMPLATE_IN_USE")]
    assert [each.json()["error"]["details"]["schedules"] for each in kept] == [[n] for n in names]


async def test_no_template_is_left_without_a_field_removed_in_the_same_moment(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    field_id = UUID(await _made(api))
    body = {"name": "Groups", "content": "Your group: {{smallGroup|none yet}}"}
    async with database.transaction(church_id) as session:
        await custom_fields.remove(session, field_id)
        writing = asyncio.create_task(api.post("/api/templates", json=body))
        await eventually(lambda: _somebody_waits(database))
    assert _refused(await writing) == (400, "UNKNOWN_CUSTOM_FIELD")


async def test_a_field_is_its_church_s_own(
    client: Client, church_id: UUID, other_church_id: UUID
) -> None:
    path = f"{PATH}/{await _made(client(church_id))}"
    theirs = client(other_church_id)
    answers = [
        await theirs.get(path),
        await theirs.patch(path, json={"label": "Mine"}),
        await theirs.delete(path),
    ]
    assert [answer.status_code for answer in answers] == [404, 404, 404]


async def test_a_viewer_reads_fields_and_changes_none(client: Client, church_id: UUID) -> None:
    path = f"{PATH}/{await _made(client(church_id))}"
    viewer = client(church_id, Role.VIEWER)
    assert (await viewer.get(PATH)).status_code == 200
    assert (await viewer.post(PATH, json={"key": "x", "label": "X"})).status_code == 403
    assert (await viewer.patch(path, json={"label": "X"})).status_code == 403
    assert (await viewer.delete(path)).status_code == 403
