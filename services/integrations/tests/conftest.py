"""Integrations on a database of its own, with receivers on this machine."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any
from uuid import UUID

import httpx
import pytest
import pytest_asyncio

from koinonia.common import db
from koinonia.common.identity import Role
from koinonia.common.testing import service
from koinonia.integrations.delivering import deliverer
from koinonia.integrations.program import PROGRAM
from koinonia.integrations.running import Running
from koinonia.integrations.vocabulary import WebhookKind

from . import receivers
from .receivers import Receive, Receiver

Open = Callable[..., AbstractAsyncContextManager[Running]]
Client = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]
Endpoint = dict[str, Any]
MakeEndpoint = Callable[..., Awaitable[Endpoint]]
PATH = "/api/webhook-endpoints"


@pytest_asyncio.fixture
async def running(open_service: Open) -> AsyncIterator[Running]:
    """The service, opened, on a machine for development: receivers are on it too."""
    async with open_service(bus_namespace="unused.", webhook_loopback=True) as opened:
        yield opened


@pytest.fixture
def church_id() -> UUID:
    return db.uuid7()


@pytest.fixture
def client(running: Running) -> Client:
    """``client(church_id, role)`` opens a client of the service, signed in."""
    return lambda church_id, role=Role.OWNER: service.client(
        PROGRAM, running, service.token(church_id, role)
    )


@pytest_asyncio.fixture
async def owner(client: Client, church_id: UUID) -> AsyncIterator[httpx.AsyncClient]:
    async with client(church_id) as opened:
        yield opened


@pytest_asyncio.fixture
async def receive() -> AsyncIterator[Receive]:
    async with receivers.listening() as opened:
        yield opened


@pytest.fixture
def endpoint(owner: httpx.AsyncClient) -> MakeEndpoint:
    """``await endpoint(receiver, kinds=[…])`` lets a receiver be told, of everything by default."""

    async def make(receiver: Receiver, **said: object) -> Endpoint:
        wish = {"name": "Ours", "url": receiver.url, "kinds": list(WebhookKind)} | said
        answer = await owner.post(PATH, json=wish)
        assert answer.status_code == 201, answer.text
        made: Endpoint = answer.json()
        return made

    return make


@pytest_asyncio.fixture
async def delivering(running: Running) -> AsyncIterator[None]:
    """The worker's loop that delivers."""
    task = asyncio.create_task(deliverer.deliver(running))
    yield
    running.stop.set()
    running.due.set()
    await asyncio.wait_for(task, 15)
