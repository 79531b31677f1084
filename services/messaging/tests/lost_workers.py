"""Workers that die, and what runs out because of it."""

from uuid import UUID

from koinonia.messaging.broadcasts.sending import claims
from koinonia.messaging.messages import batches

from .stage import Stage


async def claimed_by_a_worker_that_dies(stage: Stage, message_id: UUID) -> None:
    """A claim that was committed, and no note."""
    async with stage.running.database.transaction(stage.church_id) as session:
        batch = await batches.claim(session, message_id, 0)
        assert batch is not None
        await claims.take(session, batch, is_repeatable=True)


async def leases_run_out(stage: Stage) -> None:
    await stage.run("UPDATE dispatch_batches SET due_at = now() - interval '1 second'")
    await stage.run(
        """
        UPDATE message_recipients SET lease_until = now() - interval '1 second'
         WHERE lease_until IS NOT NULL
        """
    )
