"""The same work on many threads at once."""

from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx

from koinonia.common import clock, db
from koinonia.common.events.conversation import ConversationUpdated, StaffNotified
from koinonia.common.runtime import Running
from koinonia.common.testing import explain, phones

from .calls import code, labelled
from .factories import admin, hear, said, text, threads

URL = "/api/conversations/bulk"


async def several(database: db.Database, church_id: UUID, number: int = 3) -> list[str]:
    """The ids of that many threads, each with an unread text."""
    await hear(database, *(text(sender=phones.phone(n)) for n in range(1, number + 1)))
    return [str(thread.id) for thread in await threads(database, church_id)]


async def test_many_threads_are_worked_on_at_once_and_told_of_one_by_one(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    ids, ruth = await several(database, church_id), admin(church_id)
    await hear(database, ruth)
    label = await labelled(api, "Prayer")
    await api.patch(f"/api/conversations/{ids[0]}/status", json={"status": "closed"})
    everything: dict[str, Any] = {
        "ids": [*ids, ids[0]],
        "status": "closed",
        "read": True,
        "assigneeId": str(ruth.admin_id),
        "addLabelIds": [label["id"]],
    }
    first, second = [(await api.post(URL, json=everything)).json() for _ in range(2)]
    assert first == {"changed": 3, "unchanged": 0, "notFound": []}
    assert second == {"changed": 0, "unchanged": 3, "notFound": []}
    told = Counter(each.reason for each in await said(database, ConversationUpdated))
    assert told == {"received": 3, "read": 3, "assigned": 3, "labelled": 3, "status": 3}
    assert len(await said(database, StaffNotified)) == 3
    rows = await threads(database, church_id)
    assert {(row.status, row.unread_count, row.assignee_id) for row in rows} == {
        ("closed", 0, ruth.admin_id)
    }


async def test_ids_of_no_thread_are_named_and_the_others_changed(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    [thread_id], unknown = await several(database, church_id, 1), str(db.uuid7())
    until = (clock.now() + timedelta(days=1)).isoformat()
    answer = await api.post(URL, json={"ids": [unknown, thread_id], "snoozeUntil": until})
    assert answer.json() == {"changed": 1, "unchanged": 0, "notFound": [unknown]}
    answer = await api.post(URL, json={"ids": [unknown], "read": True})
    assert code(answer) == (404, "CONVERSATION_NOT_FOUND")


async def test_many_threads_take_no_more_statements_than_a_few(
    api: httpx.AsyncClient, running: Running, database: db.Database, church_id: UUID
) -> None:
    label, counted = await labelled(api, "Prayer"), []
    for status, number in (("closed", 2), ("archived", 12)):
        ids = await several(database, church_id, number)
        body = {"ids": ids, "status": status, "read": True, "addLabelIds": [label["id"]]}
        with explain.watched(running.database) as ran:
            assert (await api.post(URL, json=body)).json()["changed"] == number
        counted.append(len(ran))
    assert counted[0] == counted[1]


async def test_what_makes_no_sense_is_refused(api: httpx.AsyncClient, thread_id: UUID) -> None:
    changes: tuple[dict[str, Any], ...] = (
        {},
        {"ids": []},
        {"read": False},
        {"status": "snoozed"},
        {"status": "open", "snoozeUntil": "2027-01-01T00:00:00Z"},
        {"snoozeUntil": "2020-01-01T00:00:00Z"},
    )
    for change in changes:
        answer = await api.post(URL, json={"ids": [str(thread_id)], **change})
        assert answer.status_code == 400, change
