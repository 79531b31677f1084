"""Broadcasts by state and date, and what became of one as a file."""

import csv
import io
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import pytest_asyncio

from koinonia.common import clock
from koinonia.common.identity import Role
from koinonia.common.testing import service
from koinonia.messaging.broadcasts.views import recipient_export
from koinonia.messaging.program import PROGRAM

from .conftest import Client
from .stage import Stage

PATH = "/api/messages"
STRANGER = uuid4()


@pytest_asyncio.fixture
async def sent(stage: Stage) -> AsyncIterator[list[str]]:
    """Three broadcasts: one of two days ago, one that is paused, one that is cancelled."""
    await stage.members(2)
    ids = []
    for words, status in (("Old", "completed"), ("Held", "paused"), ("Off", "cancelled")):
        message = await stage.send(words)
        ids.append(str(message.id))
        await stage.run(
            "UPDATE messages SET status = :status WHERE id = :id", id=message.id, status=status
        )
    await stage.run(
        "UPDATE messages SET created_at = created_at - interval '2 days' WHERE content = 'Old'"
    )
    yield ids


async def listed(stage: Stage, client: Client, **params: Any) -> list[str]:
    answer = await client(stage.church_id).get(PATH, params=params)
    assert answer.status_code == 200, answer.text
    return [each["content"] for each in answer.json()["data"]]


@pytest_asyncio.fixture
async def client_of_stage(stage: Stage) -> AsyncIterator[Client]:
    """Clients of the service that the stage stands in."""
    async with AsyncExitStack() as stack:
        opened: dict[tuple[UUID, Role], httpx.AsyncClient] = {}
        for church_id in (stage.church_id, STRANGER):
            for role in (Role.OWNER, Role.STAFF):
                token = service.token(church_id, role)
                opened[church_id, role] = await stack.enter_async_context(
                    service.client(PROGRAM, stage.running, token)
                )
        yield lambda church_id, role=Role.OWNER: opened[church_id, role]


YESTERDAY = timedelta(days=1)


async def test_broadcasts_are_listed_by_state_and_date(
    stage: Stage, sent: list[str], client_of_stage: Client
) -> None:
    at = (clock.now() - YESTERDAY).isoformat()
    wanted: list[tuple[dict[str, Any], list[str]]] = [
        ({}, ["Off", "Held", "Old"]),
        ({"status": "paused"}, ["Held"]),
        ({"status": ["paused", "completed"]}, ["Held", "Old"]),
        ({"createdSince": at}, ["Off", "Held"]),
        ({"createdBefore": at}, ["Old"]),
        ({"createdSince": at, "status": "completed"}, []),
    ]
    for params, words in wanted:
        assert await listed(stage, client_of_stage, **params) == words, params


async def test_a_page_goes_on_within_its_filter_and_counts_it(
    stage: Stage, sent: list[str], client_of_stage: Client
) -> None:
    api, params = client_of_stage(stage.church_id), {"status": ["paused", "completed"], "limit": 1}
    first = (await api.get(PATH, params=params)).json()
    rest = (await api.get(PATH, params=params | {"cursor": first["nextCursor"]})).json()
    counted = (await api.get(PATH, params=params | {"page": 1})).json()
    assert [each["content"] for each in first["data"] + rest["data"]] == ["Held", "Old"]
    assert (rest["hasMore"], counted["total"]) == (False, 2)


@pytest.mark.parametrize("params", [{"status": "flying"}, {"createdSince": "yesterday"}])
async def test_what_is_no_state_or_date_is_refused(
    stage: Stage, client_of_stage: Client, params: dict[str, str]
) -> None:
    answer = await client_of_stage(stage.church_id).get(PATH, params=params)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "VALIDATION_ERROR")


async def test_recipients_come_as_csv_page_by_page(
    stage: Stage, client_of_stage: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recipient_export, "PAGE", 2)
    await stage.member(first_name="=SUM(A1)")
    await stage.members(6)
    message_id = await stage.started("Hi {{firstName}}")
    await stage.work()
    await stage.arrivals()
    answer = await client_of_stage(stage.church_id).get(f"{PATH}/{message_id}/recipients/export")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    listed = await client_of_stage(stage.church_id).get(f"{PATH}/{message_id}/recipients")
    shown = [(each["phone"], each["status"]) for each in listed.json()["data"]]
    assert [(row["phone"], row["status"]) for row in rows] == shown
    assert len(rows) == 7
    assert "'=SUM(A1)" in {row["firstName"] for row in rows}
    assert answer.headers["content-disposition"].startswith('attachment; filename="recipients-')


async def test_recipients_of_one_status_alone(stage: Stage, client_of_stage: Client) -> None:
    await stage.members(3)
    message_id = await stage.started()
    path = f"{PATH}/{message_id}/recipients/export"
    api = client_of_stage(stage.church_id)
    pending = (await api.get(path, params={"status": "pending"})).text.splitlines()
    failed = (await api.get(path, params={"status": "failed"})).text.splitlines()
    assert (len(pending), len(failed)) == (4, 1)


async def test_a_file_of_phones_takes_an_admin_of_the_church(
    stage: Stage, client_of_stage: Client
) -> None:
    await stage.members(1)
    path = f"{PATH}/{await stage.started()}/recipients/export"
    assert (await client_of_stage(stage.church_id, Role.STAFF).get(path)).status_code == 403
    assert (await client_of_stage(STRANGER).get(path)).status_code == 404
