"""``/api/messages/{id}/pause``, ``resume`` and ``cancel`` as staff meet them."""

from collections.abc import AsyncIterator
from uuid import UUID

import httpx
import pytest
import pytest_asyncio

from koinonia.common import db
from koinonia.common.identity import Role
from koinonia.common.testing import service
from koinonia.messaging.program import PROGRAM

from . import factories
from .reporting import accepted
from .stage import Stage

STEPS = ("pause", "resume", "cancel")


@pytest_asyncio.fixture
async def api(stage: Stage) -> AsyncIterator[httpx.AsyncClient]:
    """Staff of the church on stage."""
    token = service.token(stage.church_id, Role.STAFF)
    async with service.client(PROGRAM, stage.running, token) as client:
        yield client


async def test_a_message_is_paused_resumed_and_cancelled(
    stage: Stage, api: httpx.AsyncClient
) -> None:
    await stage.members(2)
    path = f"/api/messages/{await stage.started()}"

    paused = (await api.post(f"{path}/pause")).json()
    resumed = (await api.post(f"{path}/resume")).json()
    cancelled = (await api.post(f"{path}/cancel")).json()

    assert (paused["status"], paused["paused"]["code"]) == ("paused", "staff")
    assert (resumed["status"], resumed["paused"]) == ("sending", None)
    assert (cancelled["status"], cancelled["counts"]["skipped"]) == ("cancelled", 2)
    assert cancelled["cancelledAt"] is not None
    assert (await api.get(path)).json() == cancelled
    [text, _] = (await api.get(f"{path}/recipients")).json()["data"]
    assert text["failure"]["message"] == "The message was cancelled before this text was sent."


@pytest.mark.parametrize(
    ("step", "code"),
    [
        ("pause", "MESSAGE_NOT_SENDING"),
        ("resume", "MESSAGE_NOT_PAUSED"),
        ("cancel", "NOTHING_TO_CANCEL"),
    ],
)
async def test_what_is_over_is_refused_with_a_sentence(
    stage: Stage, api: httpx.AsyncClient, step: str, code: str
) -> None:
    message_id, _ = await accepted(stage, 1)
    await stage.arrivals()
    await stage.run("UPDATE messages SET status = 'completed'")

    refused = await api.post(f"/api/messages/{message_id}/{step}")

    error = refused.json()["error"]
    assert (refused.status_code, error["code"]) == (409, code)
    assert error["message"].startswith("This message is completed. ")


@pytest.mark.parametrize("step", STEPS)
async def test_a_message_of_another_church_is_not_found(
    stage: Stage, api: httpx.AsyncClient, step: str
) -> None:
    async with stage.running.database.transaction() as session:
        theirs = await factories.church(session)
        await factories.active_number(session, theirs)
    other = Stage(stage.running, theirs, stage.network, stage.sink)
    await other.members(1)
    message_id = await other.started()

    for unknown in (message_id, db.uuid7()):
        assert (await api.post(f"/api/messages/{unknown}/{step}")).status_code == 404
    assert (await other.message(message_id)).status == "sending"
    await other.run("DELETE FROM dispatch_batches WHERE church_id = :id", id=theirs)


@pytest.mark.parametrize("step", STEPS)
async def test_who_may_only_look_may_not(stage: Stage, step: str) -> None:
    token = service.token(stage.church_id, Role.VIEWER)
    async with service.client(PROGRAM, stage.running, token) as client:
        refused = await client.post(f"/api/messages/{UUID(int=1)}/{step}")
    assert refused.status_code == 403


async def test_all_that_was_paused_for_one_reason_is_resumed_at_once(
    stage: Stage, api: httpx.AsyncClient
) -> None:
    await stage.members(1)
    first, second = [await stage.started() for _ in range(2)]
    stage.network.behaviour.turn({"strict_senders": True})
    await stage.work()

    resumed = await api.post(f"/api/messages/{first}/resume", params={"others": "true"})

    assert resumed.json()["status"] == "sending"
    assert (await api.get(f"/api/messages/{second}")).json()["status"] == "sending"
