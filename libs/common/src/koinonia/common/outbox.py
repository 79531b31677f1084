"""The transactional outbox: an event is a row of the transaction that caused it.

``add`` writes rows; the :class:`Relay` publishes them with confirms and deletes them afterwards.
A relay that dies in between publishes again, and the listener's inbox absorbs the twin.
"""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

import asyncpg
import orjson
import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db, telemetry
from koinonia.common.events import Event
from koinonia.common.events.base import Seal

log = structlog.get_logger()

CHANNEL = "outbox"
SEAL = "seal"  # the key in session.info
BATCH = 500
POLL_SECONDS = 1.0  # the fallback where NOTIFY cannot reach us, as behind PgBouncer
RETRY_SECONDS = 1.0
GATHER_SECONDS = 0.025  # between two looks, when events come thick and fast; one alone never waits


async def add(session: AsyncSession, *events: Event) -> None:
    """Publish ``events`` if and when this transaction commits, in this order.

    What people write in them is sealed by what the database carries as ``seal``. An event whose id
    already waits is left as it is: a carrier's call keeps its id when repeated.
    """
    if not events:
        return
    headers: dict[str, str] = {}
    telemetry.inject(headers)
    seal: Seal | None = session.info.get(SEAL)
    await db.run(
        session,
        """
        INSERT INTO outbox (event_id, name, church_id, body, headers)
        SELECT event_id, name, church_id, body, :headers
          FROM unnest(CAST(:ids AS uuid[]), CAST(:names AS text[]), CAST(:churches AS uuid[]),
                      CAST(:bodies AS text[])) WITH ORDINALITY
               AS given (event_id, name, church_id, body, position)
         ORDER BY position
        ON CONFLICT (event_id) DO NOTHING
        """,
        {
            "ids": [event.id for event in events],
            "names": [event.name for event in events],
            "churches": [event.church_id for event in events],
            "bodies": [event.to_wire(seal) for event in events],
            "headers": orjson.dumps(headers).decode(),
        },
    )


@dataclass(frozen=True, slots=True)
class Pending:
    """One outbox row, ready for the bus."""

    event_id: UUID
    name: str
    church_id: UUID | None
    body: bytes
    headers: dict[str, str]


class _Waiting(NamedTuple):
    event_id: UUID
    name: str
    church_id: UUID | None
    body: str
    headers: str


Publish = Callable[[Sequence[Pending]], Awaitable[Sequence[UUID]]]
"""Publishes in the given order; returns the ids that the broker confirmed."""


class Relay:
    """Carries one schema's outbox to the bus.

    Any number may run: an advisory lock lets one work at a time, which keeps the order within a
    church. It wakes on NOTIFY (a trigger on the table) and otherwise looks every second.
    """

    def __init__(self, database: db.Database, publish: Publish) -> None:
        self._database = database
        self._publish = publish
        self._wake = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Relay until ``stop`` is set; errors are logged and tried again."""
        async with asyncio.TaskGroup() as tasks:
            listening = tasks.create_task(self._listen())
            stopping = tasks.create_task(self._wake_on(stop))
            while not stop.is_set():
                began = time.monotonic()
                try:
                    moved = await self.drain()
                except Exception as error:
                    log.warning("outbox.relay_failed", error=repr(error))
                    moved = 0
                    await _pause(stop, RETRY_SECONDS)
                if moved < BATCH and not stop.is_set():
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(self._wake.wait(), POLL_SECONDS)
                    await _pause(stop, GATHER_SECONDS - (time.monotonic() - began))
                    self._wake.clear()
            listening.cancel()
            stopping.cancel()

    async def drain(self) -> int:
        """Publish up to :data:`BATCH` rows; returns how many were confirmed and deleted."""
        async with self._database.transaction() as session:
            is_ours = await db.value(
                session,
                bool,
                "SELECT pg_try_advisory_xact_lock(hashtext('outbox ' || current_schema()))",
            )
            if not is_ours:
                return 0
            waiting = await db.rows(
                session,
                _Waiting,
                """
                SELECT event_id, name, church_id, body, headers FROM outbox
                 ORDER BY position LIMIT :batch FOR UPDATE SKIP LOCKED
                """,
                {"batch": BATCH},
            )
            if not waiting:
                return 0
            confirmed = await self._publish([_pending(row) for row in waiting])
            await db.run(
                session,
                "DELETE FROM outbox WHERE event_id = ANY(CAST(:ids AS uuid[]))",
                {"ids": list(confirmed)},
            )
            return len(confirmed)

    async def _listen(self) -> None:
        """Hold one connection that hears NOTIFY; open it anew whenever it breaks."""
        while True:
            try:
                await self._hear()
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError) as error:
                log.warning("outbox.listen_failed", error=repr(error))
            await asyncio.sleep(RETRY_SECONDS)

    async def _hear(self) -> None:
        """One life of the listening connection."""
        closed = asyncio.Event()
        connection = await asyncpg.connect(self._database.url, timeout=5)
        try:
            connection.add_termination_listener(lambda _: closed.set())
            schema = await connection.fetchval("SELECT current_schema()")
            await connection.add_listener(f"{CHANNEL}_{schema}", lambda *_: self._wake.set())
            self._wake.set()
            await closed.wait()
        finally:
            with contextlib.suppress(Exception):
                await connection.close(timeout=1)

    async def _wake_on(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._wake.set()


def _pending(row: _Waiting) -> Pending:
    return Pending(
        row.event_id, row.name, row.church_id, row.body.encode(), orjson.loads(row.headers)
    )


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
