"""Notes among staff, between the texts of a thread."""

from uuid import UUID

import httpx

from koinonia.common import db
from koinonia.common.events.conversation import ConversationUpdated, ReplyRequested, StaffNotified
from koinonia.common.identity import Role

from .calls import code
from .conftest import Client
from .factories import admin, hear, reasons, said, threads


async def test_a_note_stands_between_the_texts_and_changes_nothing_of_them(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID, thread_id: UUID
) -> None:
    url = f"/api/conversations/{thread_id}"
    note = await api.post(f"{url}/notes", json={"content": " She needs a ride. "})
    assert note.status_code == 201
    await api.post(f"{url}/reply", json={"content": "Yes"})
    shown = (await api.get(url)).json()
    assert [line["direction"] for line in shown["messages"]] == ["inbound", "note", "outbound"]
    line = shown["messages"][1]
    assert line == note.json()
    assert (line["content"], line["status"], line["source"]) == ("She needs a ride.", "noted", None)
    [thread] = await threads(database, church_id)
    assert (thread.unread_count, thread.last_message_content) == (1, "Yes")
    assert [each.text for each in await said(database, ReplyRequested)] == ["Yes"]


async def test_news_of_a_note_keep_the_last_message_and_show_how_it_begins(
    api: httpx.AsyncClient, database: db.Database, thread_id: UUID
) -> None:
    await api.post(f"/api/conversations/{thread_id}/notes", json={"content": "Ride"})
    text, note = await said(database, ConversationUpdated)
    assert (note.reason, note.direction, note.preview) == ("noted", "note", "Ride")
    assert note.last_message_at == text.last_message_at


async def test_whom_a_note_mentions_is_told_once(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID, thread_id: UUID
) -> None:
    ruth, joel = admin(church_id), admin(church_id, "Joel")
    await hear(database, ruth, joel)
    url, ids = f"/api/conversations/{thread_id}/notes", [str(ruth.admin_id), str(joel.admin_id)]
    note = (await api.post(url, json={"content": "See?", "mentions": ids[:1] * 2})).json()
    for _ in range(2):
        await api.patch(f"{url}/{note['id']}", json={"content": "See!", "mentions": ids})
    told = [each.admin_ids for each in await said(database, StaffNotified)]
    assert told == [(ruth.admin_id,), (joel.admin_id,)]
    assert await reasons(database) == ["noted", "noted"]
    unknown = {"content": "See?", "mentions": [str(db.uuid7())]}
    assert code(await api.post(url, json=unknown)) == (404, "ADMIN_NOT_FOUND")


async def test_a_note_is_changed_by_who_wrote_it_or_an_admin(
    api: httpx.AsyncClient, client: Client, church_id: UUID, thread_id: UUID
) -> None:
    url, anew = f"/api/conversations/{thread_id}/notes", {"content": "Anew"}
    async with client(church_id, Role.STAFF) as author, client(church_id, Role.STAFF) as other:
        note = (await author.post(url, json={"content": "Ride"})).json()
        assert (await author.patch(f"{url}/{note['id']}", json=anew)).json()["content"] == "Anew"
        for method, body in (("PATCH", anew), ("DELETE", None)):
            refused = await other.request(method, f"{url}/{note['id']}", json=body)
            assert code(refused) == (403, "NOT_YOUR_NOTE")
    assert (await api.delete(f"{url}/{note['id']}")).status_code == 204
    assert code(await api.delete(f"{url}/{note['id']}")) == (404, "NOTE_NOT_FOUND")


async def test_a_note_has_words_and_a_text_is_none(api: httpx.AsyncClient, thread_id: UUID) -> None:
    url = f"/api/conversations/{thread_id}"
    for content in (" ", "x" * 4001):
        answer = await api.post(f"{url}/notes", json={"content": content})
        assert answer.status_code == 400
    [line] = (await api.get(url)).json()["messages"]
    answer = await api.patch(f"{url}/notes/{line['id']}", json={"content": "Anew"})
    assert code(answer) == (404, "NOTE_NOT_FOUND")
