"""A reply that its writer would not send, had they seen what was said since they looked."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from koinonia.common import clock, db
from koinonia.common.events.conversation import ReplyRequested
from koinonia.common.testing import explain, phones

from .calls import code
from .conftest import Client
from .factories import hear, messages, said, text, threads


async def newest(database: db.Database, church_id: UUID) -> str:
    return str((await messages(database, church_id))[-1].id)


async def answer(api: httpx.AsyncClient, thread_id: UUID, way: str, **body: Any) -> httpx.Response:
    url = f"/api/conversations/{thread_id}"
    match way:
        case "text":
            return await api.post(f"{url}/reply", json={"content": "Yes", **body})
        case "media":
            files = {"mediaUrls": ["https://example.org/map.png"]}
            return await api.post(f"{url}/reply-with-media", json={**files, **body})
        case "form":
            form = {name: str(value).lower() for name, value in body.items()}
            card = {"files": ("a.vcf", b"BEGIN:VCARD\nVERSION:3.0\nFN:Ada\nEND:VCARD\n")}
            return await api.post(f"{url}/reply-with-media", data=form, files=card)
        case _:
            later = (clock.now() + timedelta(hours=1)).isoformat()
            wanted = {"content": "Yes", "sendAt": later, **body}
            return await api.post(f"{url}/scheduled-replies", json=wanted)


@pytest.mark.parametrize("way", ["text", "media", "form", "later"])
async def test_a_reply_to_a_thread_that_moved_on_is_refused_with_what_is_new(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID, thread_id: UUID, way: str
) -> None:
    seen = await newest(database, church_id)
    await hear(database, text("Never mind", minutes=1))
    refused = await answer(api, thread_id, way, lastSeenLineId=seen)
    assert code(refused) == (409, "THREAD_MOVED_ON")
    new = refused.json()["error"]["details"]
    assert (new["count"], [line["content"] for line in new["lines"]]) == (1, ["Never mind"])
    assert await said(database, ReplyRequested) == []
    sent = await answer(api, thread_id, way, lastSeenLineId=seen, force=True)
    assert sent.status_code in (201, 202), sent.text
    now = {"lastSeenLineId": await newest(database, church_id)}
    assert (await answer(api, thread_id, way, **now)).status_code in (201, 202)
    assert (await answer(api, thread_id, way)).status_code in (201, 202)


async def test_of_two_colleagues_who_answer_the_same_text_at_once_one_learns_of_the_other(
    client: Client, database: db.Database, church_id: UUID, thread_id: UUID
) -> None:
    seen = {"lastSeenLineId": await newest(database, church_id)}
    async with client(church_id) as ann, client(church_id) as ben:
        answers = await asyncio.gather(
            *(answer(each, thread_id, "text", **seen) for each in (ann, ben))
        )
    refused, sent = sorted(answers, key=lambda each: each.status_code, reverse=True)
    assert (sent.status_code, code(refused)) == (202, (409, "THREAD_MOVED_ON"))
    [line] = refused.json()["error"]["details"]["lines"]
    assert (line["id"], line["direction"], line["source"]) == (
        sent.json()["id"],
        "outbound",
        "staff",
    )
    assert len(await said(database, ReplyRequested)) == 1


async def test_one_s_own_words_are_nothing_new_and_a_colleague_s_note_is(
    api: httpx.AsyncClient,
    client: Client,
    database: db.Database,
    church_id: UUID,
    thread_id: UUID,
) -> None:
    seen = {"lastSeenLineId": await newest(database, church_id)}
    for _ in range(2):
        assert (await answer(api, thread_id, "text", **seen)).status_code == 202
    async with client(church_id) as ann:
        note = {"content": "I call her"}
        await ann.post(f"/api/conversations/{thread_id}/notes", json=note)
    refused = await answer(api, thread_id, "text", **seen)
    [line] = refused.json()["error"]["details"]["lines"]
    assert (line["direction"], line["content"]) == ("note", "I call her")


async def test_a_text_that_came_late_is_new_though_it_stands_before_what_was_seen(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID, thread_id: UUID
) -> None:
    seen = await newest(database, church_id)
    await hear(database, text("Late", minutes=-5))
    refused = await answer(api, thread_id, "text", lastSeenLineId=seen)
    assert code(refused) == (409, "THREAD_MOVED_ON")


async def test_a_line_of_another_thread_or_of_none_was_not_seen_here(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID, thread_id: UUID
) -> None:
    await hear(database, text(sender=phones.phone(7), minutes=3))
    elsewhere = await newest(database, church_id)
    for line_id in (elsewhere, str(db.uuid7())):
        refused = await answer(api, thread_id, "text", lastSeenLineId=line_id)
        assert code(refused) == (404, "LINE_NOT_FOUND")
    assert len(await threads(database, church_id)) == 2


async def test_at_most_twenty_new_lines_are_shown_and_all_are_counted(
    api: httpx.AsyncClient, running: Any, database: db.Database, church_id: UUID, thread_id: UUID
) -> None:
    seen = await newest(database, church_id)
    await hear(database, *(text(f"{n}", minutes=n) for n in range(1, 26)))
    with explain.watched(running.database) as ran:
        refused = await answer(api, thread_id, "text", lastSeenLineId=seen)
    details = refused.json()["error"]["details"]
    assert (details["count"], len(details["lines"])) == (25, 20)
    assert sum("looked_at" in sql or "created_at >" in sql for sql, _ in ran) == 1
