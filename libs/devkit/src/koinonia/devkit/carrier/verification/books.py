"""Koinonia's database: texts, messages and what was billed, of one church or of all."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias
from uuid import UUID

import asyncpg

from koinonia.common.events.messaging import DeliveryStatus

CONNECT_SECONDS = 10

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@dataclass(frozen=True, slots=True)
class Row:
    """One recipient of one message."""

    id: UUID
    message_id: UUID
    status: DeliveryStatus
    carrier_message_id: str | None
    parts_estimated: int
    parts: int | None
    parts_billed: int
    cost: Decimal | None


@dataclass(frozen=True, slots=True)
class Message:
    id: UUID
    church_id: UUID
    status: str
    total: int
    counts: dict[DeliveryStatus, int]
    parts_billed: int
    cost: Decimal
    used_parts: int | None  # as billing's ledger has it; None: nothing entered
    used_cost: Decimal | None
    reservation: str | None  # open, closed
    consumed: int | None


@dataclass(frozen=True, slots=True)
class Subscription:
    church_id: UUID
    used_parts: int
    entered_parts: int


@dataclass(frozen=True, slots=True)
class Books:
    rows: Sequence[Row]
    messages: Sequence[Message]
    subscriptions: Sequence[Subscription]


async def read(database_url: str, church: UUID | None = None) -> Books:
    """Read both schemas at once. ``database_url`` must see past row-level security."""
    connection = await asyncpg.connect(database_url, timeout=CONNECT_SECONDS)
    try:
        return await read_from(connection, church)
    finally:
        await connection.close()


async def read_from(connection: Connection, church: UUID | None = None) -> Books:
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        rows = await connection.fetch(_ROWS, church)
        messages = await connection.fetch(_MESSAGES, church)
        subscriptions = await connection.fetch(_SUBSCRIPTIONS, church)
    return Books(
        [Row(**{**row, "status": DeliveryStatus(row["status"])}) for row in rows],
        [_message(row) for row in messages],
        [Subscription(**row) for row in subscriptions],
    )


def _message(row: asyncpg.Record) -> Message:
    fields = dict(row)
    counts = {status: fields.pop(f"{status}_count") for status in DeliveryStatus}
    return Message(counts=counts, **fields)


_ROWS = """
    SELECT id, message_id, status, carrier_message_id, parts_estimated, parts, parts_billed, cost
      FROM messaging.message_recipients
     WHERE CAST($1 AS uuid) IS NULL OR church_id = $1
"""

_MESSAGES = f"""
    SELECT m.id, m.church_id, m.status, m.total_recipients AS total, m.parts_billed, m.cost,
           {", ".join(f"m.{status}_count" for status in DeliveryStatus)},
           used.parts AS used_parts, used.cost AS used_cost,
           r.state AS reservation, r.parts_consumed AS consumed
      FROM messaging.messages m
      LEFT JOIN (SELECT message_id, CAST(sum(parts) AS bigint) AS parts, sum(cost) AS cost
                   FROM billing.usage_entries GROUP BY message_id) used ON used.message_id = m.id
      LEFT JOIN billing.reservations r ON r.message_id = m.id
     WHERE CAST($1 AS uuid) IS NULL OR m.church_id = $1
"""

_SUBSCRIPTIONS = """
    SELECT s.church_id, s.used_parts, CAST(coalesce(sum(e.parts), 0) AS bigint) AS entered_parts
      FROM billing.subscriptions s
      LEFT JOIN billing.usage_entries e
        ON e.church_id = s.church_id AND e.recorded_at >= s.period_starts_at
     WHERE CAST($1 AS uuid) IS NULL OR s.church_id = $1
     GROUP BY s.church_id, s.used_parts
"""
