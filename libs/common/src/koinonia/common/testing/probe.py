"""Reads tables in tests, without a row type for each query.

The code under test has typed rows (:mod:`koinonia.common.db`); a test asks for a column or two,
asserts, and is done.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession


async def rows(
    session: AsyncSession, sql: str, parameters: Mapping[str, object] | None = None
) -> list[Any]:  # Any: rows of any statement, by attribute
    """All rows of a statement; columns by attribute."""
    return list((await session.execute(text(sql), parameters or {})).all())


async def first(
    session: AsyncSession, sql: str, parameters: Mapping[str, object] | None = None
) -> Any | None:  # Any: as above
    """The first row of a statement, or None."""
    return (await session.execute(text(sql), parameters or {})).first()


async def waiting_for_locks(session: AsyncSession) -> int:
    """How many connections to this database wait for a lock."""
    row = await first(
        session,
        "SELECT count(*) AS waiting FROM pg_stat_activity "
        "WHERE datname = current_database() AND wait_event_type = 'Lock'",
    )
    return int(row.waiting) if row else 0
