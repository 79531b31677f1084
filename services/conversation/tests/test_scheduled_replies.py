"""Replies for later."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from koinonia.common import clock, db
from koinonia.common.events.conversation import ReplyRequested, StaffNotified
from koinonia.common.events.messaging import MemberOptedOut
from koinonia.common.identity import Role
from koinonia.common.runtime import Running
from koinonia.conversation.replies import due_replies

from .conftest import Client
from .factories import hear, messages, opted, said

TOMORROW = timedelta(days=1)
TEXT = "See you on Sunday!"


def route(thread_id: UUID) -> str:
    return f"/api/conversations/{thread_id}/scheduled-replies"


async def scheduled(
    api: httpx.AsyncClient, thread_id: UUID, after: timedelta = TOMORROW, key: str | None = None
) -> Any:
    body = {"content": TEXT, "sendAt": (clock.now() + after).replace(microsecond=0).isoformat()}
    headers = {"Idempotency-Key": key} if key else {}
    answer = await api.post(route(thread_id), json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def fire(running: Running, after: timedelta = TOMORROW) -> None:
    with clock.shift(after):
        await due_replies.send_due(running)


async def only(api: httpx.AsyncClient, thread_id: UUID) -> Any:
    [found] = (await api.get(route(thread_id))).json()["data"]
    return found


async def test_a_scheduled_reply_becomes_a_line_with_its_id_at_its_time_and_not_before(
    api: httpx.AsyncClient,
    running: Running,
    database: db.Database,
    church_id: UUID,
    thread_id: UUID,
) -> None:
    made = await scheduled(api, thread_id)
    await fire(running, TOMORROW - timedelta(minutes=1))
    assert await said(database, ReplyRequested) == []
    await fire(running)
    [line] = [each for each in await messages(database, church_id) if each.source]
    [asked] = await said(database, ReplyRequested)
    assert (str(line.id), line.source, str(line.admin_id)) == (
        made["id"],
        "scheduled",
        made["adminId"],
    )
    assert (asked.reply_id, asked.text) == (line.id, TEXT)
    assert (await only(api, thread_id))["status"] == "sent"


async def test_two_workers_send_it_once(
    api: httpx.AsyncClient, running: Running, database: db.Database, thread_id: UUID
) -> None:
    for _ in range(3):
        await scheduled(api, thread_id)
    with clock.shift(TOMORROW):
        await asyncio.gather(*(due_replies.send_due(running) for _ in range(4)))
        await due_replies.send_due(running)
    assert len(await said(database, ReplyRequested)) == 3


async def test_a_worker_that_dies_in_the_middle_leaves_it_to_the_next(
    api: httpx.AsyncClient,
    running: Running,
    database: db.Database,
    church_id: UUID,
    thread_id: UUID,
) -> None:
    async def fire_and_die() -> None:
        async with database.transaction(church_id) as session:
            await due_replies.send_or_refuse(session, church_id, UUID(made["id"]))
            raise ConnectionError

    made = await scheduled(api, thread_id)
    with pytest.raises(ConnectionError):
        await fire_and_die()
    assert (await only(api, thread_id), await said(database, ReplyRequested)) == (made, [])
    await fire(running)
    assert len(await said(database, ReplyRequested)) == 1


async def test_who_opted_out_meanwhile_is_not_texted_and_its_author_is_told(
    api: httpx.AsyncClient,
    running: Running,
    database: db.Database,
    church_id: UUID,
    thread_id: UUID,
) -> None:
    made = await scheduled(api, thread_id)
    await hear(database, opted(MemberOptedOut, church_id))
    await fire(running)
    [told] = await said(database, StaffNotified)
    refused = await only(api, thread_id)
    assert (refused["status"], refused["code"]) == ("refused", "RECIPIENT_OPTED_OUT")
    assert "START" in refused["reason"]
    assert ([str(each) for each in told.admin_ids], told.reason) == (
        [made["adminId"]],
        "reply_refused",
    )
    assert await said(database, ReplyRequested) == []


@pytest.mark.parametrize(("late", "status"), [(23, "sent"), (24, "refused")])
async def test_after_a_downtime_it_is_still_sent_within_a_day(
    api: httpx.AsyncClient, running: Running, thread_id: UUID, late: int, status: str
) -> None:
    await scheduled(api, thread_id)
    await fire(running, TOMORROW + timedelta(hours=late))
    found = await only(api, thread_id)
    assert (found["status"], found["code"]) == (status, "TOO_LATE" if late == 24 else None)


async def test_its_words_and_its_time_change_while_it_waits(
    api: httpx.AsyncClient, running: Running, database: db.Database, thread_id: UUID
) -> None:
    one = f"{route(thread_id)}/{(await scheduled(api, thread_id))['id']}"
    later = (clock.now() + 2 * TOMORROW).isoformat()
    changed = await api.patch(one, json={"content": "At noon.", "sendAt": later})
    await fire(running, TOMORROW + timedelta(hours=1))
    assert (changed.status_code, await said(database, ReplyRequested)) == (200, [])
    await fire(running, 2 * TOMORROW)
    over = await api.patch(one, json={"content": "At one."})
    assert [each.text for each in await said(database, ReplyRequested)] == ["At noon."]
    assert (over.status_code, over.json()["error"]["code"]) == (409, "SCHEDULED_REPLY_OVER")


async def test_what_is_cancelled_is_never_sent(
    api: httpx.AsyncClient, running: Running, database: db.Database, thread_id: UUID
) -> None:
    one = f"{route(thread_id)}/{(await scheduled(api, thread_id))['id']}"
    assert [(await api.delete(one)).status_code for _ in "ab"] == [204, 204]
    await fire(running)
    assert (await only(api, thread_id))["status"] == "cancelled"
    assert await said(database, ReplyRequested) == []


async def test_a_change_and_its_time_at_once_end_in_one_of_both(
    api: httpx.AsyncClient, running: Running, database: db.Database, thread_id: UUID
) -> None:
    """Whoever comes second finds it sent, or cancelled; nobody waits in a circle."""
    ids = [(await scheduled(api, thread_id, timedelta(seconds=60)))["id"] for _ in range(6)]
    with clock.shift(timedelta(seconds=61)):
        answers, _ = await asyncio.gather(
            asyncio.gather(*(api.delete(f"{route(thread_id)}/{each}") for each in ids)),
            due_replies.send_due(running),
        )
    cancelled = [answer.status_code for answer in answers].count(204)
    assert {answer.status_code for answer in answers} <= {204, 409}
    assert len(await said(database, ReplyRequested)) == len(ids) - cancelled


async def test_a_time_that_cannot_be_is_refused_with_a_word_on_what_to_do(
    api: httpx.AsyncClient, thread_id: UUID
) -> None:
    now = clock.now()
    times = {
        (now - timedelta(minutes=1)).isoformat(): "has passed",
        (now + timedelta(days=366)).isoformat(): "more than a year",
    }
    for send_at, hint in times.items():
        answer = await api.post(route(thread_id), json={"content": TEXT, "sendAt": send_at})
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "BAD_SEND_TIME")
        assert hint in answer.json()["error"]["message"]


async def test_the_same_key_schedules_it_once_and_the_list_has_pages(
    api: httpx.AsyncClient, thread_id: UUID
) -> None:
    with clock.freeze():
        twins = [await scheduled(api, thread_id, key="one") for _ in "ab"]
        sooner = await scheduled(api, thread_id, timedelta(hours=1))
    first = (await api.get(route(thread_id), params={"limit": 1})).json()
    rest = (await api.get(route(thread_id), params={"cursor": first["nextCursor"]})).json()
    assert twins[0] == twins[1]
    assert [*first["data"], *rest["data"]] == [sooner, twins[0]]
    assert (await api.get(route(thread_id), params={"status": "sent"})).json()["data"] == []


async def test_who_reads_schedules_none_and_another_church_finds_none(
    api: httpx.AsyncClient, client: Client, church_id: UUID, thread_id: UUID
) -> None:
    one = f"{route(thread_id)}/{(await scheduled(api, thread_id))['id']}"
    async with client(church_id, Role.VIEWER) as viewer, client(db.uuid7()) as stranger:
        assert (await viewer.get(route(thread_id))).status_code == 200
        assert (await viewer.delete(one)).status_code == 403
        assert (await stranger.delete(one)).json()["error"]["code"] == "SCHEDULED_REPLY_NOT_FOUND"
        assert (await stranger.get(route(thread_id))).status_code == 404
    assert (await only(api, thread_id))["status"] == "waiting"
