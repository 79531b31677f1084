"""A service's own parts for its tests: opened, asked over HTTP, and listening to the bus.

Everything is what the runtime uses, except that access tokens are signed by :data:`SIGNER`.
"""

import asyncio
import copy
import functools
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

import httpx
from fastapi import FastAPI
from purgatory.service._async.repository import AsyncInMemoryRepository
from starlette.datastructures import State

from koinonia.common import clock, db, retry, runtime
from koinonia.common.bus import Consumer, Publisher, policies
from koinonia.common.bus.envelope import Delivery
from koinonia.common.events import Event
from koinonia.common.identity import Identity, Role, TokenSigner, TokenVerifier
from koinonia.common.identity.keys import Jwks
from koinonia.common.outbox import Relay
from koinonia.common.runtime import Program, Running
from koinonia.common.settings import DatabaseSettings
from koinonia.common.testing.databases import Databases
from koinonia.common.testing.eventually import eventually
from koinonia.common.testing.secrets import demo_environment

R = TypeVar("R", bound=Running[DatabaseSettings])
SIGNER = TokenSigner(bytes(range(32)), "test")


@asynccontextmanager
async def opened(
    program: Program[R], databases: Databases, servers: Mapping[str, str], **settings: object
) -> AsyncIterator[R]:
    """The running parts of ``program``. ``servers`` and ``settings`` are settings by name:
    ``{"redis_url": …, "rabbitmq_url": …, "bus_namespace": …}``; secrets are those of tests."""
    secrets = {
        name.removeprefix("KOINONIA_").lower(): value for name, value in demo_environment().items()
    }
    given: dict[str, Any] = {  # Any: settings, which the settings class checks
        **{name: value for name, value in secrets.items() if name in program.settings.model_fields},
        "database_url": databases.url(program.name),
        **servers,
        **settings,
    }
    complete = program.settings(**given)
    async with runtime.opened(program, complete) as running:
        running.verifier = TokenVerifier(_keys)
        yield running


def app(program: Program[R], running: R) -> FastAPI:
    """The application of ``program`` over ``running``.

    FastAPI works a route out when it is first looked at, all of a service in longer than most tests
    take. So all applications of a program share their routes, and each has a state of its own.
    """
    made = copy.copy(_routes(program.create_app))
    held = {name: made.state[name] for name in made.state}
    made.state, made.middleware_stack = State(held | {"running": running}), None
    return made


@functools.cache
def _routes(create_app: Callable[[], FastAPI]) -> FastAPI:
    return create_app()


def document(program: Program[R]) -> dict[str, Any]:  # Any: as FastAPI declares it
    """The OpenAPI document of ``program``, made once: of the largest service it takes a second."""
    return _routes(program.create_app).openapi()


@asynccontextmanager
async def client(
    program: Program[R], running: R, token: str | None = None
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the service's application, signed in by ``token``."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    transport = httpx.ASGITransport(app(program, running))
    async with httpx.AsyncClient(
        transport=transport, base_url=f"http://{program.name}", headers=headers
    ) as opened:
        yield opened


def token(
    church_id: UUID,
    role: Role = Role.OWNER,
    expires_in: timedelta = timedelta(minutes=15),
    email: str | None = None,
) -> str:
    """An access token of somebody of this church, who signs in with ``email``."""
    expires_at = (clock.now() + expires_in).replace(microsecond=0)
    somebody = Identity(db.uuid7(), church_id, role, db.uuid7(), expires_at=expires_at, email=email)
    return SIGNER.sign(somebody)


async def hear(program: Program[R], running: R, *events: Event) -> None:
    """Apply events one by one as the consumer does, inbox and all, without a broker.

    ``running`` needs ``database`` and what the reactions are ``using``. A failure is raised.
    """
    for event in events:
        await hear_together(program, running, event)


async def hear_together(program: Program[R], running: R, *events: Event) -> None:
    """Apply events of one kind in one batch; one event only where the reaction takes no batch."""
    [row] = [each for each in program.subscriptions if each.event is type(events[0])]
    unsent: Any = None  # Any: the broker's message, which only the consumer looks at
    deliveries = [Delivery(event, 0, {}, unsent) for event in events]
    await policies.stack(row, running, program.name)(deliveries)


@asynccontextmanager
async def listening(
    program: Program[R], running: R, ladder: tuple[int, ...] = (1, 1, 1)
) -> AsyncIterator[Publisher]:
    """The service's worker at work, outbox and all; yields a publisher for what it hears."""
    settings, stop = running.settings, asyncio.Event()
    consumer = Consumer(
        settings.rabbitmq_url.get_secret_value(),
        program.name,
        program.subscriptions,
        running,
        namespace=settings.bus_namespace,
        ladder=ladder,
        seal=running.event_texts,
    )
    relay = Relay(running.database, running.publisher.publish)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(consumer.run(stop))
        tasks.create_task(relay.run(stop))
        try:
            await eventually(lambda: consumer.is_consuming, within=60)
            yield running.publisher
        finally:
            stop.set()


@asynccontextmanager
async def working(
    program: Program[R], running: R, ladder: tuple[int, ...] = (1,) * 10
) -> AsyncIterator[Publisher]:
    """All that the service's worker does: what it hears, its outbox, its loops."""
    async with listening(program, running, ladder) as publisher, asyncio.TaskGroup() as tasks:
        for loop in program.loops:
            tasks.create_task(runtime.repeat(loop, running))
        try:
            yield publisher
        finally:
            running.stop.set()


async def _keys() -> Jwks:
    return {"keys": [SIGNER.jwk]}


__all__ = [
    "SIGNER",
    "app",
    "client",
    "document",
    "hear",
    "hear_together",
    "listening",
    "opened",
    "token",
    "working",
]


def close_circuits() -> None:
    """Circuits live as long as the process, and many tests share one: what one test made fail, the
    next may ask."""
    contexts = retry._circuits.uow.contexts
    assert isinstance(contexts, AsyncInMemoryRepository)
    contexts.breakers.clear()
