"""How long webhooks and their deliveries are kept."""

from koinonia.common import db
from koinonia.integrations.running import Running

KEPT_DAYS = 30  # as the policy ``old`` of webhooks has it
BATCH = 2000


async def prune(running: Running) -> None:
    """A loop's action: forget what is older, of all churches, with its deliveries and attempts."""
    removed = BATCH
    while removed == BATCH and not running.stop.is_set():
        async with running.database.transaction(bulk=True) as session:
            removed = await db.run(
                session,
                """
                DELETE FROM webhooks WHERE id IN (
                    SELECT id FROM webhooks
                     WHERE created_at < now() - make_interval(days => :days)
                     ORDER BY created_at LIMIT :batch)
                """,
                {"days": KEPT_DAYS, "batch": BATCH},
            )
