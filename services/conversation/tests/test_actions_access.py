"""Who may work on threads: staff of their church."""

from typing import Any
from uuid import UUID

import httpx

from koinonia.common import db
from koinonia.common.events.conversation import ConversationUpdated
from koinonia.common.identity import Role
from koinonia.common.testing import phones

from .calls import labelled
from .conftest import Client
from .factories import church, hear, said, text, threads

Route = tuple[str, str, Any]


async def routes(api: httpx.AsyncClient, thread_id: UUID, other_id: UUID) -> list[Route]:
    """Each way to change a thread or a label."""
    label = (await labelled(api, "Prayer"))["id"]
    url = f"/api/conversations/{thread_id}"
    note = (await api.post(f"{url}/notes", json={"content": "Ride"})).json()["id"]
    words = {"content": "Anew"}
    return [
        ("PATCH", f"{url}/assign", {"adminId": None}),
        ("PUT", f"{url}/labels", {"labelIds": []}),
        ("POST", f"{url}/notes", words),
        ("PATCH", f"{url}/notes/{note}", words),
        ("DELETE", f"{url}/notes/{note}", None),
        ("POST", f"{url}/snooze", {"until": "2027-01-01T00:00:00Z"}),
        ("DELETE", f"{url}/snooze", None),
        ("PUT", f"{url}/member", {"memberId": None}),
        ("POST", f"{url}/member", {"firstName": "Ada"}),
        ("POST", f"{url}/merge", {"fromId": str(other_id)}),
        ("POST", "/api/conversations/bulk", {"ids": [str(thread_id)], "read": True}),
        ("PATCH", f"/api/labels/{label}", {"name": "Prayers"}),
        ("DELETE", f"/api/labels/{label}", None),
    ]


async def test_a_viewer_and_a_stranger_change_nothing(
    api: httpx.AsyncClient,
    client: Client,
    database: db.Database,
    church_id: UUID,
    thread_id: UUID,
) -> None:
    await hear(database, text(sender=phones.phone(7)))
    other_id = (await threads(database, church_id))[-1].id
    tried = await routes(api, thread_id, other_id)
    before = len(await said(database, ConversationUpdated))
    stranger_church = await church(database, phones.phone(60))
    async with client(church_id, Role.VIEWER) as viewer, client(stranger_church) as stranger:
        for method, url, body in tried:
            assert (await viewer.request(method, url, json=body)).status_code == 403, url
            answer = await stranger.request(method, url, json=body)
            assert answer.status_code == 404, f"{method} {url}: {answer.text}"
            assert answer.json()["error"]["code"].endswith("_NOT_FOUND")
        created = await viewer.post("/api/labels", json={"name": "A", "colour": "#000000"})
        assert (created.status_code, (await viewer.get("/api/labels")).status_code) == (403, 200)
        assert (await stranger.get("/api/labels")).json()["data"] == []
    assert len(await said(database, ConversationUpdated)) == before


async def test_another_church_s_things_cannot_be_put_on_a_thread(
    client: Client, database: db.Database, api: httpx.AsyncClient, thread_id: UUID
) -> None:
    label = (await labelled(api, "Prayer"))["id"]
    ours = await church(database, phones.phone(60))
    await hear(database, text(to=phones.phone(60)))
    [mine] = await threads(database, ours)
    url = f"/api/conversations/{mine.id}"
    async with client(ours) as http:
        for method, path, body in (
            ("PUT", "/labels", {"labelIds": [label]}),
            ("POST", "/merge", {"fromId": str(thread_id)}),
        ):
            assert (await http.request(method, url + path, json=body)).status_code == 404
        bulk = {"ids": [str(mine.id)], "addLabelIds": [label]}
        assert (await http.post("/api/conversations/bulk", json=bulk)).status_code == 404
