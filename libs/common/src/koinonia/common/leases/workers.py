"""Which processes of a service live: each has a row that it renews, and nobody waits long for the
work of one that died.

Work that takes longer than a transaction is claimed under the id of a worker. A living one renews
its row every :data:`RENEW_SECONDS`, from a thread with a connection of its own: neither a blocked
event loop nor a queue for connections makes it look dead. A row that was not renewed for
:data:`LEASE_SECONDS` is that of a dead worker; :func:`dead` names it, and whoever asked frees what
it had claimed and removes the row, in one transaction. A removed row never comes back: a worker
that was only stopped for a while finds its own gone and goes on under a new id.

The other half is that a worker knows when it counts as dead. :class:`Hold` is what it has of its
row: a time of its own clock, counted from *before* the renewal was sent, so that it always ends
before the row does. Whoever has an effect outside the database asks the hold right before.

A service keeps a table ``workers (id text PRIMARY KEY, alive_until timestamptz, steady_since
timestamptz)``, and opens its worker with :func:`opened`.
"""

import asyncio
import os
import secrets
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db

log = structlog.get_logger()

RENEW_SECONDS = 2.0
LEASE_SECONDS = 8.0
MARGIN_SECONDS = 0.5  # by which a hold ends before its row, for what begins in the last moment
STEADY_SECONDS = 4.0
"""Whoever calls another dead has renewed its own row for so long without a gap. When nobody could
reach the database, nobody is dead."""
BEGIN_SECONDS = 5.0  # for the first row; the process starts without it when the database is away


class NotAlive(ConnectionError):
    """This process counts as dead until it reaches its database again; the bus holds its events
    meanwhile."""


@dataclass(frozen=True, slots=True)
class Hold:
    """What was claimed under ``worker_id`` is this process's as long as it ``is_kept``."""

    worker_id: str
    seconds_left: Callable[[], float]

    @property
    def is_kept(self) -> bool:
        return self.seconds_left() > 0

    async def lapsed(self) -> None:
        """Returns when the hold is over, an end that moves with each renewal."""
        seconds = self.seconds_left()
        while seconds > 0:
            await asyncio.sleep(seconds)
            seconds = self.seconds_left()


@dataclass(frozen=True, slots=True)
class _Row:
    worker_id: str
    until: float = 0.0  # on the clock of ``_elapsed``


class Worker:
    """This process among the workers of its service; ``open_database`` opens what its thread
    alone uses."""

    def __init__(self, open_database: Callable[[], db.Database]) -> None:
        self._open_database = open_database
        self._row = _Row(_new_id())  # replaced as a whole, because two threads look at it
        self._begun, self._stop = threading.Event(), threading.Event()

    @property
    def id(self) -> str:
        return self._row.worker_id

    def hold(self) -> Hold:
        """What is claimed from now on; raises :class:`NotAlive`."""
        held = self.id
        if self._seconds_left(held) <= 0:
            raise NotAlive(f"the row of {held} was not renewed for {LEASE_SECONDS:g} s")
        return Hold(held, lambda: self._seconds_left(held))

    def _seconds_left(self, worker_id: str) -> float:
        row = self._row
        return row.until - _elapsed() if row.worker_id == worker_id else 0.0

    def wait_until_begun(self) -> None:
        """Returns when the first row is there, or after :data:`BEGIN_SECONDS`."""
        self._begun.wait(BEGIN_SECONDS)

    def run(self) -> None:
        """The thread."""
        asyncio.run(self._renew_until_stopped())

    def stop(self) -> None:
        self._stop.set()

    async def _renew_until_stopped(self) -> None:
        database = self._open_database()
        try:
            while not self._stop.is_set():
                await self._try_to_renew(database)
                self._stop.wait(RENEW_SECONDS)  # nothing else runs in the loop of this thread
            await self._leave(database)
        finally:
            await database.close()

    async def _try_to_renew(self, database: db.Database) -> None:
        try:
            async with asyncio.timeout(LEASE_SECONDS):
                await self._renew(database)
        except Exception as problem:
            log.warning("worker.not_renewed", worker=self.id, problem=type(problem).__name__)

    async def _renew(self, database: db.Database) -> None:
        began, worker_id = _elapsed(), self.id
        async with database.transaction() as session:
            # A renewal that a crash of PostgreSQL takes back does no harm, so it waits for no disk.
            await db.run(session, "SET LOCAL synchronous_commit = off")
            if not await db.run(session, _RENEW, _parameters(worker_id)):
                worker_id = _new_id()
                await db.run(session, _BEGIN, _parameters(worker_id))
        self._row = _Row(worker_id, began + LEASE_SECONDS - MARGIN_SECONDS)
        self._begun.set()

    async def _leave(self, database: db.Database) -> None:
        """What is still claimed is free at once."""
        self._row = _Row(self.id)
        try:
            async with asyncio.timeout(RENEW_SECONDS), database.transaction() as session:
                await db.run(session, _LEAVE, _parameters(self.id))
        except Exception as problem:
            log.warning("worker.not_ended", worker=self.id, problem=type(problem).__name__)


@asynccontextmanager
async def opened(open_database: Callable[[], db.Database]) -> AsyncIterator[Worker]:
    """This process as a worker, renewed until the block ends."""
    worker = Worker(open_database)
    thread = threading.Thread(target=worker.run, name="worker-renewal", daemon=True)
    thread.start()
    try:
        await asyncio.to_thread(worker.wait_until_begun)
        yield worker
    finally:
        worker.stop()
        await asyncio.to_thread(thread.join, BEGIN_SECONDS)


async def dead(session: AsyncSession, observer: Worker) -> Sequence[str]:
    """The ids of workers that did not renew their rows, which stay locked until the transaction
    ends; none while the ``observer`` itself has not reached the database steadily."""
    return await db.values(session, str, _DEAD, _parameters(observer.id))


async def remove(session: AsyncSession, worker_ids: Sequence[str]) -> None:
    """Forget dead workers, in the transaction that frees what they had claimed."""
    await db.run(
        session, "DELETE FROM workers WHERE id = ANY(CAST(:ids AS text[]))", {"ids": worker_ids}
    )


def _new_id() -> str:
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


def _elapsed() -> float:
    """Seconds on a clock that nobody sets, and that goes on while the machine sleeps."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def _parameters(worker_id: str) -> dict[str, object]:
    return {"id": worker_id}


# The clock, not now(): the time of the transaction lies before the one from which a hold counts.
_END = f"clock_timestamp() + interval '{LEASE_SECONDS} s'"
_BEGIN = f"""
    INSERT INTO workers (id, alive_until, steady_since) VALUES (:id, {_END}, clock_timestamp())
"""
_RENEW = f"""
    UPDATE workers
       SET alive_until = {_END},
           steady_since = CASE
                WHEN clock_timestamp() > alive_until - interval '{LEASE_SECONDS - STEADY_SECONDS} s'
                THEN clock_timestamp() ELSE steady_since END
     WHERE id = :id
"""
_LEAVE = "UPDATE workers SET alive_until = clock_timestamp() WHERE id = :id"
_DEAD = f"""
    SELECT id FROM workers
     WHERE alive_until < clock_timestamp() AND EXISTS (
           SELECT FROM workers AS observer
            WHERE observer.id = :id AND observer.alive_until > clock_timestamp()
              AND observer.steady_since < clock_timestamp() - interval '{STEADY_SECONDS} s')
       FOR UPDATE SKIP LOCKED
"""
