"""Whose a thread is, what state it is in, and who it is that texts."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx

from koinonia.common import clock, db
from koinonia.common.events.auth import AdminRemoved
from koinonia.common.events.conversation import (
    MemberRequested,
    StaffNotified,
)
from koinonia.common.runtime import Running
from koinonia.common.testing import probe
from koinonia.conversation.actions import snoozes

from .calls import code
from .factories import admin, hear, joined, member, reasons, said, text, threads


async def test_who_is_given_a_thread_is_told_once(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID, thread_id: UUID
) -> None:
    ruth = admin(church_id)
    await hear(database, ruth)
    url, given = f"/api/conversations/{thread_id}/assign", {"adminId": str(ruth.admin_id)}
    for _ in range(2):
        assert (await api.patch(url, json=given)).status_code == 200
    assert await reasons(database) == ["assigned"]
    [notice] = await said(database, StaffNotified)
    assert (notice.admin_ids, notice.reason) == ((ruth.admin_id,), "assigned")
    shown = (await api.get(f"/api/conversations/{thread_id}")).json()
    assert shown["assignee"]["firstName"] == "Ruth"
    await api.patch(url, json={"adminId": None})
    assert (await api.get(f"/api/conversations/{thread_id}")).json()["assignee"] is None


async def test_a_thread_is_given_to_somebody_of_the_team_only(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID, thread_id: UUID
) -> None:
    gone = admin(church_id)
    await hear(database, gone, AdminRemoved(church_id=church_id, admin_id=gone.admin_id))
    url = f"/api/conversations/{thread_id}/assign"
    for admin_id in (gone.admin_id, db.uuid7()):
        answer = await api.patch(url, json={"adminId": str(admin_id)})
        assert code(answer) == (404, "ADMIN_NOT_FOUND")
    assert (await api.patch(url, json={})).status_code == 400


async def test_a_snoozed_thread_opens_again_at_its_time(
    api: httpx.AsyncClient,
    running: Running,
    database: db.Database,
    church_id: UUID,
    thread_id: UUID,
) -> None:
    url, until = f"/api/conversations/{thread_id}/snooze", clock.now() + timedelta(hours=1)
    for _ in range(2):
        answer = await api.post(url, json={"until": until.isoformat()})
        assert answer.json()["status"] == "snoozed"
    await snoozes.wake_due(running)
    with clock.shift(timedelta(hours=2)):
        await snoozes.wake_due(running)
    [thread] = await threads(database, church_id)
    assert (thread.status, thread.snoozed_until) == ("open", None)
    assert await reasons(database) == ["snoozed", "woken"]


async def test_a_snoozed_thread_that_somebody_has_in_hand_is_left_for_the_next_turn(
    api: httpx.AsyncClient,
    running: Running,
    database: db.Database,
    church_id: UUID,
    thread_id: UUID,
) -> None:
    until = clock.now() + timedelta(hours=1)
    await api.post(f"/api/conversations/{thread_id}/snooze", json={"until": until.isoformat()})
    with clock.shift(timedelta(hours=2)):
        async with database.transaction(church_id) as session:
            await probe.rows(session, "SELECT id FROM conversations FOR UPDATE")
            await snoozes.wake_due(running)
        with clock.shift(timedelta(seconds=2)):
            await snoozes.wake_due(running)
    [thread] = await threads(database, church_id)
    assert thread.status == "open"


async def test_a_snooze_ends_with_the_next_text_and_with_a_word_of_staff(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID, thread_id: UUID
) -> None:
    url = f"/api/conversations/{thread_id}"
    later = {"until": (clock.now() + timedelta(hours=1)).isoformat()}
    await api.post(f"{url}/snooze", json=later)
    await hear(database, text("Still there?", minutes=1))
    assert (await api.get(url)).json()["status"] == "open"
    for _ in range(2):
        assert (await api.delete(f"{url}/snooze")).json()["status"] == "open"
    await api.post(f"{url}/snooze", json=later)
    assert (await api.delete(f"{url}/snooze")).json()["status"] == "open"
    await api.post(f"{url}/snooze", json=later)
    assert (await api.patch(f"{url}/status", json={"status": "closed"})).status_code == 200
    assert await reasons(database) == ["snoozed", "snoozed", "woken", "snoozed", "status"]
    async with database.transaction() as session:
        assert await probe.rows(session, "SELECT id FROM due_work") == []


async def test_a_snooze_is_for_a_time_to_come_within_a_year(
    api: httpx.AsyncClient, thread_id: UUID
) -> None:
    url, now = f"/api/conversations/{thread_id}", clock.now()
    for days in (-1, 400):
        until = (now + timedelta(days=days)).isoformat()
        answer = await api.post(f"{url}/snooze", json={"until": until})
        assert code(answer) == (400, "SNOOZE_OUT_OF_RANGE")
    naive = (now + timedelta(days=1)).replace(tzinfo=None).isoformat()
    assert (await api.post(f"{url}/snooze", json={"until": naive})).status_code == 400
    refused = await api.patch(f"{url}/status", json={"status": "snoozed"})
    assert (refused.status_code, "/snooze" in refused.text) == (400, True)


async def test_staff_say_who_of_a_family_texts(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID, thread_id: UUID
) -> None:
    ada, ben = member(church_id, "Ada"), member(church_id, "Ben")
    await hear(database, joined(church_id, ada, ben))
    url = f"/api/conversations/{thread_id}"
    for _ in range(2):
        answer = await api.put(f"{url}/member", json={"memberId": str(ben.member_id)})
        assert answer.json()["member"]["firstName"] == "Ben"
    shown = (await api.get(url)).json()
    assert [each["pinned"] for each in shown["members"]] == [False, True]
    await api.put(f"{url}/member", json={"memberId": None})
    assert (await api.get(url)).json()["member"]["firstName"] == "Ada"
    assert await reasons(database) == ["pinned", "pinned"]
    answer = await api.put(f"{url}/member", json={"memberId": str(db.uuid7())})
    assert code(answer) == (404, "MEMBER_NOT_FOUND")


async def test_who_texts_becomes_a_member_with_one_call(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID, thread_id: UUID
) -> None:
    url, key = f"/api/conversations/{thread_id}/member", {"Idempotency-Key": "one"}
    wish: dict[str, Any] = {"firstName": " Ada ", "lastName": "Moss", "groupIds": []}
    first, second = [await api.post(url, json=wish, headers=key) for _ in range(2)]
    assert (first.status_code, first.json()) == (202, second.json())
    [event] = await said(database, MemberRequested)
    assert str(event.member_id) == first.json()["memberId"]
    assert (event.first_name, event.last_name, event.conversation_id) == ("Ada", "Moss", thread_id)
    await hear(database, joined(church_id, member(church_id, "Ada", "Moss")))
    assert code(await api.post(url, json=wish)) == (409, "MEMBER_EXISTS")
    assert (await api.post(url, json={"firstName": " "})).status_code == 400


async def test_who_came_without_a_name_is_named_under_their_own_id(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID, thread_id: UUID
) -> None:
    nameless = member(church_id, "", "")
    await hear(database, joined(church_id, nameless))
    answer = await api.post(
        f"/api/conversations/{thread_id}/member", json={"firstName": "Ada", "lastName": "Moss"}
    )
    assert answer.json() == {"memberId": str(nameless.member_id)}
