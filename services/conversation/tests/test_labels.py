"""The labels of a church, and those of a thread."""

from uuid import UUID

import httpx

from koinonia.common import db
from koinonia.common.events.conversation import ConversationUpdated

from .calls import code, labelled
from .factories import reasons, said


async def test_labels_are_listed_by_name_page_by_page(api: httpx.AsyncClient) -> None:
    for name in ("prayer", "Visit", "Angry"):
        await labelled(api, name)
    first = (await api.get("/api/labels", params={"limit": 2})).json()
    second = (await api.get("/api/labels", params={"cursor": first["nextCursor"]})).json()
    assert [each["name"] for each in first["data"] + second["data"]] == ["Angry", "prayer", "Visit"]
    assert (await api.get("/api/labels", params={"page": 1})).json()["total"] == 3


async def test_a_name_is_given_once_in_any_case(api: httpx.AsyncClient) -> None:
    prayer, visit = await labelled(api, "  Prayer "), await labelled(api, "Visit")
    taken = {"name": "PRAYER", "colour": "#000000"}
    assert code(await api.post("/api/labels", json=taken)) == (409, "LABEL_EXISTS")
    url = f"/api/labels/{visit['id']}"
    assert code(await api.patch(url, json={"name": "prayer"})) == (409, "LABEL_EXISTS")
    assert (await api.patch(url, json={"colour": "#ABCDEF"})).json()["colour"] == "#abcdef"
    assert (await api.get(f"/api/labels/{prayer['id']}")).json()["name"] == "Prayer"


async def test_what_is_no_name_or_no_colour_is_refused(api: httpx.AsyncClient) -> None:
    for body in (
        {"name": " ", "colour": "#000000"},
        {"name": "x" * 51, "colour": "#000000"},
        {"name": "Prayer", "colour": "red"},
    ):
        assert (await api.post("/api/labels", json=body)).status_code == 400


async def test_a_thread_has_the_labels_that_it_was_given_last(
    api: httpx.AsyncClient, database: db.Database, thread_id: UUID
) -> None:
    names = ("Prayer", "Visit", "Angry")
    prayer, visit, angry = [(await labelled(api, each))["id"] for each in names]
    url = f"/api/conversations/{thread_id}"
    for ids in ([prayer, visit], [visit, prayer, visit], [angry, visit]):
        answer = await api.put(f"{url}/labels", json={"labelIds": ids})
        assert answer.status_code == 200, answer.text
    shown = (await api.get(url)).json()["labels"]
    assert [each["name"] for each in shown] == ["Angry", "Visit"]
    assert answer.json()["labels"] == shown
    assert await reasons(database) == ["labelled", "labelled"]
    unknown = {"labelIds": [visit, str(db.uuid7())]}
    assert code(await api.put(f"{url}/labels", json=unknown)) == (404, "LABEL_NOT_FOUND")


async def test_a_label_that_is_removed_leaves_its_threads(
    api: httpx.AsyncClient, database: db.Database, thread_id: UUID
) -> None:
    label = await labelled(api, "Prayer")
    url = f"/api/conversations/{thread_id}"
    await api.put(f"{url}/labels", json={"labelIds": [label["id"]]})
    assert (await api.delete(f"/api/labels/{label['id']}")).status_code == 204
    assert (await api.get(url)).json()["labels"] == []
    for method in ("GET", "PATCH", "DELETE"):
        body = {"name": "Prayer"} if method == "PATCH" else None
        answer = await api.request(method, f"/api/labels/{label['id']}", json=body)
        assert code(answer) == (404, "LABEL_NOT_FOUND")
    assert len(await said(database, ConversationUpdated)) == 2
