"""Written-out statements, whose rows have the type that the caller names.

A row type is a NamedTuple or a dataclass whose fields are the statement's columns in their order.
Nothing is looked up at work: a row is made by position. In tests :data:`inspect` compares names,
order and types with what PostgreSQL really answers (:mod:`koinonia.common.testing.columns`).
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import TypeVar
from uuid import UUID

from sqlalchemy import CursorResult, TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common.errors import AppError

Parameters = Mapping[str, object]
Row = TypeVar("Row")
Value = TypeVar("Value")

Inspect = Callable[[object, Sequence[str], Sequence[Sequence[object]]], None]
"""Called with each answer: the row type, the columns' names, the rows. Raises to object."""

inspect: Inspect | None = None  # set by tests


@lru_cache(maxsize=1024)
def _parsed(sql: str) -> TextClause:
    """Services ask the same statements again and again; parsing is an eighth of their own cost."""
    return text(sql)


async def enter_church(session: AsyncSession, church_id: UUID) -> None:
    """From here to the end of the transaction only this church's rows exist."""
    await session.execute(
        _parsed("SELECT set_config('koinonia.church_id', :church, true)"),
        {"church": str(church_id)},
    )


async def rows(
    session: AsyncSession, row: Callable[..., Row], sql: str, parameters: Parameters | None = None
) -> list[Row]:
    """All rows of a statement, each as a ``row``."""
    result = await session.execute(_parsed(sql), parameters or {})
    found = result.all()
    if inspect is not None:
        inspect(row, tuple(result.keys()), found)
    return [row(*columns) for columns in found]


async def first(
    session: AsyncSession, row: Callable[..., Row], sql: str, parameters: Parameters | None = None
) -> Row | None:
    """The first row of a statement as a ``row``, or None."""
    result = await session.execute(_parsed(sql), parameters or {})
    found = result.first()
    if found is None:
        return None
    if inspect is not None:
        inspect(row, tuple(result.keys()), [found])
    return row(*found)


async def one(
    session: AsyncSession,
    row: Callable[..., Row],
    sql: str,
    parameters: Parameters | None = None,
    *,
    missing: AppError | type[AppError],
) -> Row:
    """The first row of a statement as a ``row``; raises ``missing`` where there is none."""
    found = await first(session, row, sql, parameters)
    if found is None:
        raise missing
    return found


async def values(
    session: AsyncSession, kind: type[Value], sql: str, parameters: Parameters | None = None
) -> list[Value]:
    """The only column of a statement; each is a ``kind``, none is NULL."""
    result = await session.execute(_parsed(sql), parameters or {})
    found = list(result.scalars())
    if inspect is not None:
        inspect(kind, tuple(result.keys()), [(each,) for each in found])
    return found


async def value(
    session: AsyncSession, kind: type[Value], sql: str, parameters: Parameters | None = None
) -> Value | None:
    """The only column of a statement's first row, a ``kind``; None for NULL or without a row."""
    result = await session.execute(_parsed(sql), parameters or {})
    found: Value | None = result.scalar()
    if inspect is not None and found is not None:
        inspect(kind, tuple(result.keys()), [(found,)])
    return found


async def count(session: AsyncSession, sql: str, parameters: Parameters | None = None) -> int:
    """What a ``SELECT count(*)`` counts."""
    return await value(session, int, sql, parameters) or 0


async def exists(session: AsyncSession, sql: str, parameters: Parameters | None = None) -> bool:
    """Whether a statement (``SELECT 1 FROM … WHERE …``) finds any row."""
    return (await session.execute(_parsed(sql), parameters or {})).first() is not None


async def run(session: AsyncSession, sql: str, parameters: Parameters | None = None) -> int:
    """Execute a statement for its effect; returns how many rows it touched."""
    result = await session.execute(_parsed(sql), parameters or {})
    return result.rowcount if isinstance(result, CursorResult) else 0
