"""The server serves until it is told to stop, and then lets a request under way finish."""

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import APIRouter

from koinonia.common import web
from koinonia.common.testing.eventually import eventually

router = APIRouter()
entered = asyncio.Event()
leave = asyncio.Event()


@router.get("/slow")
async def slow() -> str:
    entered.set()
    await leave.wait()
    return "finished"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def answers(client: httpx.AsyncClient) -> bool:
    with contextlib.suppress(httpx.ConnectError):
        return (await client.get("/health")).is_success
    return False


@contextlib.asynccontextmanager
async def serving() -> AsyncIterator[tuple[httpx.AsyncClient, asyncio.Event, asyncio.Task[None]]]:
    port, stop = free_port(), asyncio.Event()
    app = web.create_app("slow", routers=[router])
    server = asyncio.create_task(web.serve(app, "127.0.0.1", port, stop))
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=5) as client:
        await eventually(lambda: answers(client))
        yield client, stop, server
    stop.set()
    await asyncio.wait_for(server, 5)


async def test_the_answer_names_no_server() -> None:
    async with serving() as (client, _, _):
        assert "server" not in (await client.get("/health")).headers


async def test_a_request_under_way_is_finished_and_then_the_server_ends() -> None:
    async with serving() as (client, stop, server):
        request = asyncio.create_task(client.get("/slow"))
        await asyncio.wait_for(entered.wait(), 5)
        stop.set()
        leave.set()
        assert (await request).json() == "finished"
        await client.aclose()
        await asyncio.wait_for(server, 5)


async def test_signals_are_left_to_the_runtime() -> None:
    caught = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, caught.set)
    try:
        async with serving() as (client, _, _):
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.wait_for(caught.wait(), 5)
            assert (await client.get("/health")).status_code == 200
    finally:
        asyncio.get_running_loop().remove_signal_handler(signal.SIGTERM)


async def test_a_taken_address_is_an_error_and_not_the_end_of_the_process() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        await web.serve(web.create_app("x"), "127.0.0.1", taken.getsockname()[1], asyncio.Event())
