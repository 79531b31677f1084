"""What PostgreSQL would do for a statement, as a list of what it should not do.

Ask on tables at volume, after ``ANALYZE``: for a few rows PostgreSQL rightly reads the whole table.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db

SORTED_ROWS = 1_000
"""Sorting fewer rows than this is no concern: an index has chosen them."""


async def problems(
    session: AsyncSession, sql: str, parameters: Mapping[str, Any] | None = None
) -> list[str]:
    """A sentence per table that is read from end to end and per sort of many rows; best empty."""
    row = await db.first(session, f"EXPLAIN (FORMAT JSON) {sql}", parameters)
    assert row is not None
    return [problem for node in _nodes(row[0][0]["Plan"]) if (problem := _problem(node))]


def _nodes(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from _nodes(part)


def _problem(node: Mapping[str, Any]) -> str | None:
    kind, rows = node["Node Type"], node["Plan Rows"]
    if kind == "Seq Scan":
        return f"{node['Relation Name']} is read from end to end"
    if kind in ("Sort", "Incremental Sort") and rows > SORTED_ROWS:
        return f"{rows} rows are sorted by {', '.join(node['Sort Key'])}"
    return None
