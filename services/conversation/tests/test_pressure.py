"""Several people and workers on one thread at the same time."""

import asyncio
from uuid import UUID

import httpx

from koinonia.common import db
from koinonia.common.events.conversation import ReplyRequested
from koinonia.common.runtime import Running
from koinonia.common.testing import service
from koinonia.conversation.program import PROGRAM

from .conftest import Client
from .factories import said, text


async def test_two_staff_who_answer_at_once_are_both_heard(
    client: Client, database: db.Database, church_id: UUID, thread_id: UUID
) -> None:
    url = f"/api/conversations/{thread_id}"
    async with client(church_id) as ruth, client(church_id) as joel:
        answers = await asyncio.gather(
            ruth.post(f"{url}/reply", json={"content": "Yes"}),
            joel.post(f"{url}/reply", json={"content": "No"}),
        )
        shown = (await ruth.get(url)).json()["messages"]
    assert [each.status_code for each in answers] == [202, 202]
    assert {line["content"] for line in shown[1:]} == {"Yes", "No"}
    assert len({line["author"]["id"] for line in shown[1:]}) == 2
    assert len(await said(database, ReplyRequested)) == 2


async def test_work_texts_and_wakings_on_one_thread_at_once_all_succeed(
    api: httpx.AsyncClient, database: db.Database, running: Running, thread_id: UUID
) -> None:
    url, later = f"/api/conversations/{thread_id}", {"until": "2027-01-01T00:00:00Z"}
    work = [
        api.post(f"{url}/snooze", json=later),
        api.patch(f"{url}/status", json={"status": "closed"}),
        api.post(f"{url}/notes", json={"content": "Hm"}),
        api.delete(f"{url}/snooze"),
        api.post("/api/conversations/bulk", json={"ids": [str(thread_id)], "read": True}),
    ]
    heard = (service.hear(PROGRAM, running, text(f"{n}", minutes=n)) for n in range(3))
    *answers, _, _, _ = await asyncio.gather(*work, *heard)
    assert [each.status_code for each in answers if each] == [200, 200, 201, 200, 200]
