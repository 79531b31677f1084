"""How far messages are, as the database has it."""

import asyncio
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

import asyncpg
from tests.load.figures import Spoiled

COUNTS = """
    SELECT status, total_recipients AS total, pending_count AS pending, sending_count AS sending,
           sent_count AS sent, delivered_count AS delivered,
           NOT EXISTS (SELECT FROM messaging.dispatch_batches WHERE message_id = id) AS handed_over
      FROM messaging.messages WHERE id = $1
"""
"""A batch is deleted in the transaction that writes down the carrier's answers."""
LOOK_EVERY = 0.02
PATIENCE = 300.0


async def until(
    owner: "asyncpg.Connection[Any]",
    message_id: UUID,
    reached: Callable[[asyncpg.Record], bool],
    patience: float = PATIENCE,
) -> float:
    """The instant (``time.perf_counter``) at which the message was first seen so."""
    deadline = time.perf_counter() + patience
    while True:
        row = await owner.fetchrow(COUNTS, message_id)
        now = time.perf_counter()
        if row is not None and reached(row):
            return now
        if now > deadline:
            raise Spoiled(f"Not within {patience:.0f} s: the message is at {dict(row or {})}.")
        await asyncio.sleep(LOOK_EVERY)


def is_approved(row: asyncpg.Record) -> bool:
    return bool(row["status"] != "pending")


def is_handed_over(row: asyncpg.Record) -> bool:
    return bool(row["handed_over"] and row["pending"] == 0)


def is_delivered(row: asyncpg.Record) -> bool:
    return bool(row["delivered"] == row["total"])
