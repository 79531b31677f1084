"""A service as a process: what it opens, in which order, and how it ends.

A service describes itself once, in ``__main__.py``::

    PROGRAM = Program(
        "choirs", Settings, Running, create_app, worker.SUBSCRIPTIONS, worker.LOOPS
    )

    if __name__ == "__main__":
        runtime.main(PROGRAM)

and is run as ``python -m koinonia.choirs run --role api|worker|all``. ``migrate`` brings its
schema and its queues to the present state; ``openapi`` prints its interface. Everything is opened
in order and closed in reverse; SIGTERM stops intake first, lets work in hand finish, and ends the
process within ``KOINONIA_SHUTDOWN_SECONDS``.
"""

import asyncio
import contextlib
import random
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import structlog
from fastapi import FastAPI

from koinonia.common import blocked_loop, bus, db, inbox, telemetry, web
from koinonia.common.cache import Cache
from koinonia.common.event_texts import EventTexts
from koinonia.common.identity import Revocations, TokenVerifier, http_jwks
from koinonia.common.outbox import Relay
from koinonia.common.phone import Phones
from koinonia.common.running import Process, Running
from koinonia.common.settings import DatabaseSettings, EventTextSettings, Settings
from koinonia.common.web.connections import ConnectionLimits

log = structlog.get_logger()


R = TypeVar("R", bound=Process[Settings])
R_contra = TypeVar("R_contra", bound=Process[Settings], contravariant=True)


@dataclass(frozen=True, slots=True)
class Loop(Generic[R_contra]):
    """Work that repeats: ``action(running)`` every ``seconds``, with a little jitter."""

    seconds: float
    action: Callable[[R_contra], Awaitable[object]]


def every(seconds: float, action: Callable[[R], Awaitable[object]]) -> Loop[R]:
    return Loop(seconds, action)


@asynccontextmanager
async def _nothing(running: Process[Settings]) -> AsyncIterator[None]:
    yield


@dataclass(frozen=True, slots=True)
class Program(Generic[R]):
    """What a service is. ``running`` is the class of its open parts; ``open`` opens those that it
    alone has, after everything shared is open. ``formerly`` is what the service was called in
    earlier releases: ``migrate`` renames its schema and role, and moves what waits in its queues.
    ``streams`` are those of the bus that it follows, with the names of their events. Answers made
    of ``kept_tables`` may be kept (:mod:`koinonia.common.web.keeping.kept_answers`): whatever
    writes to them makes those be asked for anew.
    """

    name: str
    settings: type[Settings]
    running: type[R]
    create_app: Callable[[], FastAPI]
    subscriptions: Sequence[bus.Subscription[R]] = ()
    loops: Sequence[Loop[R]] = ()
    open: Callable[[R], AbstractAsyncContextManager[None]] = _nothing
    formerly: str | None = None
    streams: Mapping[str, Collection[str]] = field(default_factory=dict)
    kept_tables: Collection[str] = ()

    @property
    def has_schema(self) -> bool:
        return issubclass(self.settings, DatabaseSettings)


@asynccontextmanager
async def opened(program: Program[R], settings: Settings) -> AsyncIterator[R]:
    """The running parts of ``program``, closed in reverse when the block ends."""
    async with AsyncExitStack() as stack:
        cache = Cache(settings.redis_url.get_secret_value(), prefix=program.name)
        stack.push_async_callback(cache.close)
        revocations = Revocations(settings.redis_url.get_secret_value())
        stack.push_async_callback(revocations.close)
        verifier = TokenVerifier(http_jwks(f"{settings.auth_url}/.well-known/jwks.json"))
        stack.push_async_callback(verifier.close)
        running = program.running(settings, verifier, cache, revocations)
        if isinstance(running, Running):
            _open_schema(program, running, stack)
        await stack.enter_async_context(program.open(running))
        yield running


def _open_schema(
    program: Program[R], running: Running[DatabaseSettings], stack: AsyncExitStack
) -> None:
    name, settings = program.name, running.settings
    running.event_texts = (
        EventTexts.parse(settings.event_keys.get_secret_value())
        if isinstance(settings, EventTextSettings)
        else None
    )

    def database(url: str) -> db.Database:
        opened = db.Database(
            url,
            pool_size=settings.database_pool_size,
            prepared_statements=settings.database_prepared_statements,
            application=f"koinonia-{name}",
        )
        opened.carry(cache=running.cache, seal=running.event_texts)
        opened.watch(program.kept_tables, running.cache.invalidate_rows)
        stack.push_async_callback(opened.close)
        return opened

    running.database = database(settings.database_url.get_secret_value())
    running.replica = (
        database(settings.replica_url.get_secret_value())
        if settings.replica_url
        else running.database
    )
    running.phones = Phones.from_settings(
        settings.phone_keys.get_secret_value(), settings.phone_index_key.get_secret_value()
    )
    running.publisher = bus.Publisher(
        settings.rabbitmq_url.get_secret_value(),
        name,
        settings.bus_namespace,
        running.event_texts,
    )
    stack.push_async_callback(running.publisher.close)


async def run(program: Program[R], settings: Settings, role: str = "all") -> None:
    """Serve and work until SIGTERM or SIGINT."""
    telemetry.configure(program.name, settings.otlp_endpoint)
    async with opened(program, settings) as running:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, running.stop.set)
        log.info("service.started", role=role, port=settings.port)
        try:
            with blocked_loop.watched(loop):
                await _until_stopped(_parts(program, running, role), running.stop, settings)
        finally:
            log.info("service.stopped")
    await asyncio.to_thread(telemetry.shutdown)


def _parts(program: Program[R], running: R, role: str) -> list[Awaitable[None]]:
    """The concurrent parts of this process in the given role."""
    settings = running.settings
    app = program.create_app() if role != "worker" else web.create_app(program.name)
    app.state.running = running
    checks: dict[str, Callable[[], Awaitable[None]]] = {}
    parts: list[Awaitable[None]] = []
    if isinstance(running, Running):
        checks["database"] = running.database.ping
        if role != "api":
            consumer = _consumer(program.name, program.subscriptions, running)
            checks["broker"] = consumer.ready
            parts += [
                consumer.run(running.stop),
                Relay(running.database, running.publisher.publish).run(running.stop),
                repeat(every(3600, _prune_inbox), running),
                *(repeat(loop, running) for loop in program.loops),
            ]
    web.add_checks(app, checks)
    grace = settings.shutdown_seconds
    limits = ConnectionLimits(per_address=settings.connection_limit)
    serving = web.serve(
        app, settings.host, settings.port, running.stop, grace_seconds=grace, limits=limits
    )
    parts.append(serving)
    return parts


def _consumer(
    name: str,
    # Any: of the class that ``running`` is of, which a narrowed R cannot say
    subscriptions: Sequence[bus.Subscription[Any]],
    running: Running[DatabaseSettings],
) -> bus.Consumer[Running[DatabaseSettings]]:
    return bus.Consumer(
        running.settings.rabbitmq_url.get_secret_value(),
        name,
        subscriptions,
        running,
        namespace=running.settings.bus_namespace,
        seal=running.event_texts,
    )


async def _until_stopped(
    parts: list[Awaitable[None]], stop: asyncio.Event, settings: Settings
) -> None:
    """Run all parts; when one ends or ``stop`` is set, stop all, with a deadline."""
    tasks = [asyncio.ensure_future(part) for part in parts]
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait([*tasks, stopping], return_when=asyncio.FIRST_COMPLETED)
    stop.set()
    stopping.cancel()
    _, late = await asyncio.wait(tasks, timeout=settings.shutdown_seconds)
    for task in late:
        task.cancel()
    if late:
        log.warning("service.stop_was_late", parts=len(late))
    for outcome in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(outcome, Exception):
            raise outcome


async def repeat(loop: Loop[R], running: R) -> None:
    """Run a loop's action until stopped; a failure is logged and the next turn tries again."""
    name = getattr(loop.action, "__qualname__", repr(loop.action))
    while not running.stop.is_set():
        try:
            await loop.action(running)
        except Exception:
            log.exception("loop.failed", loop=name)
        pause = loop.seconds * random.uniform(0.9, 1.1)  # noqa: S311 - jitter, not a secret
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(running.stop.wait(), pause)


async def _prune_inbox(running: Running[DatabaseSettings]) -> None:
    async with running.database.transaction() as session:
        await inbox.prune(session)


def main(program: Program[R]) -> None:
    """The command line of a service; see :mod:`koinonia.common.cli`."""
    from koinonia.common import cli

    cli.main(program)


__all__ = ["Loop", "Process", "Program", "Running", "every", "main", "opened", "repeat", "run"]
