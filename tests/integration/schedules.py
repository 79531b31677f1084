"""Schedules whose time comes sooner than staff said."""

from uuid import UUID

import asyncpg

from koinonia.devkit.system import System

_BRING_FORWARD = """
    WITH moved AS (
        UPDATE messaging.schedules
           SET starts_local = date_trunc('minute', now() AT TIME ZONE timezone),
               next_at = date_trunc('minute', now())
         WHERE id = $1 RETURNING id, next_at)
    UPDATE messaging.due_schedules SET due_at = moved.next_at
      FROM moved WHERE schedule_id = moved.id
"""


async def bring_forward(system: System, schedule_id: str) -> None:
    """Let the next occurrence be due now."""
    owner = await asyncpg.connect(system.environment.database_url)
    await owner.execute(_BRING_FORWARD, UUID(schedule_id))
    await owner.close()
