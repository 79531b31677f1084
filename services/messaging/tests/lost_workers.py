"""Workers that die, that only seem to be dead, and what runs out because of it."""

import asyncio
import copy
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from koinonia.common import db
from koinonia.common.leases.workers import Hold
from koinonia.messaging.broadcasts.sending import claims
from koinonia.messaging.messages import batches

from .stage import Stage


async def claimed_by_a_worker_that_dies(stage: Stage, message_id: UUID) -> None:
    """A claim that was committed, and no note; its row is not renewed from now on."""
    async with stage.running.database.transaction(stage.church_id) as session:
        await db.run(session, _LAST_SIGN, {"id": (worker_id := f"gone-{message_id}")})
        batch = await batches.claim(session, message_id, 0, worker_id)
        assert batch is not None
        await claims.take(session, batch, worker_id, is_repeatable=True)


async def silence_lasts(stage: Stage) -> None:
    """Nobody renewed a row for as long as a worker may be silent, but this one, all the time."""
    await stage.run(
        """
        UPDATE workers
           SET alive_until = CASE WHEN id = :own THEN alive_until
                                  ELSE now() - interval '1 second' END,
               steady_since = now() - interval '1 hour'
        """,
        own=stage.running.worker.id,
    )


@dataclass(frozen=True, slots=True)
class SilentWorker:
    """A process that cannot renew its row: its hold ends at a time of the event loop."""

    id: str
    until: float

    def hold(self) -> Hold:
        return Hold(self.id, lambda: self.until - asyncio.get_running_loop().time())


async def silent(stage: Stage, seconds: float) -> Any:
    """The running parts of a process that falls silent now; its hold ends after ``seconds``."""
    worker_id = f"silent-{db.uuid7()}"
    await stage.run(_LAST_SIGN, id=worker_id)
    running = copy.copy(stage.running)
    running.worker = SilentWorker(worker_id, asyncio.get_running_loop().time() + seconds)
    return running


_LAST_SIGN = """
    INSERT INTO workers (id, alive_until, steady_since)
    VALUES (:id, now() + interval '8 seconds', now())
"""


async def leases_run_out(stage: Stage) -> None:
    await stage.run("UPDATE dispatch_batches SET due_at = now() - interval '1 second'")
    await stage.run(
        """
        UPDATE message_recipients SET lease_until = now() - interval '1 second'
         WHERE lease_until IS NOT NULL
        """
    )
