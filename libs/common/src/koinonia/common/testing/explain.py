"""Problems in the plan that PostgreSQL makes for a statement.

Ask on tables at volume, after ``ANALYZE``: for a few rows PostgreSQL rightly reads the whole table.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import asyncpg
import orjson
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db

Statement = tuple[str, Any]  # Any: as the driver wants parameters
"""A statement as the driver got it, and its parameters."""

Plan = Mapping[str, Any]  # Any: JSON of PostgreSQL

SORTED_ROWS = 1_000
"""Sorting fewer rows than this is no concern: an index has chosen them."""


async def problems(
    session: AsyncSession, sql: str, parameters: Mapping[str, object] | None = None
) -> list[str]:
    """A sentence per table that is read from end to end and per sort of many rows; best empty."""
    plans = await db.value(session, list, f"EXPLAIN (FORMAT JSON) {sql}", parameters)
    return _problems(plans or [])


@contextmanager
def watched(database: db.Database) -> Iterator[list[Statement]]:
    """Collects the statements that run in ``database`` during the block."""
    ran: list[Statement] = []

    def record(_: object, __: object, sql: str, parameters: object, *___: object) -> None:
        ran.append((sql, parameters))

    def hear(sql: str, parameters: Sequence[object]) -> None:
        ran.append((sql, tuple(parameters)))

    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", record)
    database.listeners.append(hear)
    try:
        yield ran
    finally:
        database.listeners.remove(hear)
        event.remove(engine, "before_cursor_execute", record)


async def problems_of(session: AsyncSession, statements: Sequence[Statement]) -> list[str]:
    """What is wrong with any of the statements, which are asked about and not run again."""
    connection = await session.connection()
    found: list[str] = []
    for sql, parameters in statements:
        asked = await connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {sql}", parameters)
        plan = asked.scalar_one()
        found += _problems(orjson.loads(plan) if isinstance(plan, str) else plan)
    return found


async def read(
    connection: "asyncpg.Connection[Any]", sql: str, *arguments: object
) -> tuple[int, int]:
    """How many rows ``sql`` answers, and how many blocks of 8 KiB it reads for them.

    Runs twice and counts the second: a connection's first call also reads the catalogue, as many
    blocks as other connections made it forget.
    """
    for _ in range(2):
        plan = await connection.fetchval(
            f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", *arguments
        )
    node = orjson.loads(plan)[0]["Plan"]
    return node["Actual Rows"], node["Shared Hit Blocks"] + node["Shared Read Blocks"]


def _problems(plans: Sequence[Plan]) -> list[str]:
    return [problem for node in _nodes(plans[0]["Plan"]) if (problem := _problem(node))]


def _nodes(plan: Plan) -> Iterator[Plan]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from _nodes(part)


def _problem(node: Plan) -> str | None:
    kind, rows = node["Node Type"], node["Plan Rows"]
    if kind == "Seq Scan":
        return f"{node['Relation Name']} is read from end to end"
    if kind in ("Sort", "Incremental Sort") and rows > SORTED_ROWS:
        return f"{rows} rows are sorted by {', '.join(node['Sort Key'])}"
    return None
