"""Who holds the event loop is named, with the route and how long."""

import asyncio
import time
from collections.abc import Iterator

import httpx
import pytest
from fastapi import APIRouter
from structlog.testing import capture_logs
from structlog.typing import EventDict

from koinonia.common import blocked_loop, web
from koinonia.common.testing.eventually import eventually

router = APIRouter()


@router.get("/members/{member_id}/slow")
async def slow(member_id: str, seconds: float) -> str:
    time.sleep(seconds)  # noqa: ASYNC251 - to hold the loop is what this is about
    return member_id


@pytest.fixture
def logged() -> Iterator[list[EventDict]]:
    with capture_logs() as entries:
        yield entries


@pytest.fixture
def client() -> httpx.AsyncClient:
    app = web.create_app("blocked", routers=[router])
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://blocked")


def blocks(logged: list[EventDict]) -> list[EventDict]:
    return [entry for entry in logged if entry["event"] == "loop.blocked"]


async def test_a_request_that_computes_for_long_is_named_by_its_route(
    client: httpx.AsyncClient, logged: list[EventDict]
) -> None:
    with blocked_loop.watched(asyncio.get_running_loop(), limit=0.05):
        await client.get("/members/0199-secret/slow", params={"seconds": 0.4})
        await eventually(lambda: bool(blocks(logged)))
    [block] = blocks(logged)
    assert block["route"] == "/members/{member_id}/slow"
    assert isinstance(block["ms"], int)
    assert 150 < block["ms"] < 2_000
    assert "secret" not in str(block)
    assert block["processor_ms"] < 150  # it slept


async def test_what_computes_is_told_from_what_waits_for_a_processor(
    logged: list[EventDict],
) -> None:
    with blocked_loop.watched(asyncio.get_running_loop(), limit=0.05):
        until = time.thread_time() + 0.3
        while time.thread_time() < until:
            pass
        await eventually(lambda: bool(blocks(logged)))
    assert 100 < blocks(logged)[0]["processor_ms"] <= blocks(logged)[0]["ms"] + 50


async def test_who_waits_holds_nobody_up(
    client: httpx.AsyncClient, logged: list[EventDict]
) -> None:
    with blocked_loop.watched(asyncio.get_running_loop(), limit=0.2):
        for _ in range(3):
            await client.get("/members/1/slow", params={"seconds": 0.01})
            await asyncio.sleep(0.1)  # to wait, and not to compute, is what this is about
    assert blocks(logged) == []
