"""Written-out statements, whose rows have the type that the caller names.

They are asked of a session, or of a :class:`~koinonia.common.db.reads.Read`, which is the quick way
for what only reads.

A row type is a NamedTuple or a dataclass whose fields are the statement's columns in their order.
Nothing is looked up at work: a row is made by position. In tests :data:`inspect` compares names,
order and types with what PostgreSQL really answers (:mod:`koinonia.common.testing.columns`).
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar, cast
from uuid import UUID

import orjson
from sqlalchemy import CursorResult, Result, TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common.db.reads import Read
from koinonia.common.errors import AppError

Session = AsyncSession | Read
"""What statements are asked of."""
Parameters = Mapping[str, object]
Row = TypeVar("Row")
Value = TypeVar("Value")

WRITTEN = "koinonia written"  # the key in session.info: names of tables
CHURCHES = "koinonia churches"  # the same: whose rows this transaction could write
_WRITES = re.compile(r"\b(?:INSERT\s+INTO|UPDATE(?:\s+ONLY)?|DELETE\s+FROM(?:\s+ONLY)?)\s+(\w+)")

Inspect = Callable[[object, Sequence[str], Sequence[Sequence[object]]], None]
"""Called with each answer: the row type, the columns' names, the rows. Raises to object."""

inspect: Inspect | None = None  # set by tests


class _Statement(NamedTuple):
    """``written`` may name too much: ``UPDATE OF`` of a lock is no table called ``of``."""

    clause: TextClause
    written: frozenset[str]


@lru_cache(maxsize=1024)
def _parsed(sql: str) -> _Statement:
    """Services ask the same statements again and again; parsing is an eighth of their own cost."""
    return _Statement(text(sql), frozenset(_WRITES.findall(sql)))


# Any: the columns of a row, which each function below gives a type
async def _answer(
    session: AsyncSession, sql: str, parameters: Parameters | None = None
) -> Result[Any]:  # Any: as above
    """What every statement passes, so that its transaction knows which tables it wrote."""
    clause, written = _parsed(sql)
    if written:
        session.info.setdefault(WRITTEN, set()).update(written)
    return await session.execute(clause, parameters or {})


def records(given: Iterable[Parameters]) -> str:
    """Many rows as one parameter, each a mapping of the columns to their values::

        SELECT … FROM json_to_recordset(CAST(:people AS json)) AS given (id uuid, name text)

    Arrays of columns for ``unnest`` say the same. asyncpg looks at the class of each cell of an
    array twice, which for hundreds of rows was a quarter of an import (docs/performance.md).
    """
    return orjson.dumps(list(given), default=_plain).decode()


def _plain(value: object) -> str:
    """The id of a row, which is of a class of asyncpg's own."""
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")


async def enter_church(session: AsyncSession, church_id: UUID) -> None:
    """From here to the end of the transaction only this church's rows exist."""
    session.info.setdefault(CHURCHES, set()).add(church_id)
    await _answer(
        session,
        "SELECT set_config('koinonia.church_id', :church, true)",
        {"church": str(church_id)},
    )


ENTERED = "CAST(set_config('koinonia.church_id', CAST(given.church_id AS text), true) AS uuid)"
"""The church of a row of ``given``, entered when the row is made: rows of many churches in one
statement, each checked by its policy as it is inserted, under its own church::

    INSERT INTO sightings (church_id, seen_at)
    SELECT {db.ENTERED}, given.at FROM (SELECT … ORDER BY church_id) AS given

A transaction for each church costs ten times as much where each has one row (docs/performance.md).
The rows have to be in their order below this, in a subquery; the table may have no trigger that
looks at the church, since triggers run after the last row. The policy refuses what goes wrong.
"""


def entering(session: AsyncSession, church_ids: Iterable[UUID]) -> None:
    """Say whose rows the statements with :data:`ENTERED` write, for what follows the commit."""
    session.info.setdefault(CHURCHES, set()).update(church_ids)


async def _found(
    session: Session, sql: str, parameters: Parameters | None
) -> tuple[Sequence[Sequence[Any]], Sequence[str]]:  # Any: what is in a column
    """The rows of a statement, and the names of its columns where somebody inspects them."""
    if isinstance(session, Read):
        records = await session.fetch(sql, parameters or {})
        names = await session.columns(sql) if inspect is not None else ()
        return cast(Sequence[Sequence[Any]], records), names  # Any: as above
    result = await _answer(session, sql, parameters)
    return result.all(), tuple(result.keys()) if inspect is not None else ()


async def rows(
    session: Session, row: Callable[..., Row], sql: str, parameters: Parameters | None = None
) -> list[Row]:
    """All rows of a statement, each as a ``row``."""
    found, names = await _found(session, sql, parameters)
    if inspect is not None:
        inspect(row, names, found)
    return [row(*columns) for columns in found]


async def first(
    session: Session, row: Callable[..., Row], sql: str, parameters: Parameters | None = None
) -> Row | None:
    """The first row of a statement as a ``row``, or None."""
    return next(iter(await rows(session, row, sql, parameters)), None)


async def one(
    session: Session,
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
    session: Session, kind: type[Value], sql: str, parameters: Parameters | None = None
) -> list[Value]:
    """The only column of a statement; each is a ``kind``, none is NULL."""
    found, names = await _found(session, sql, parameters)
    if inspect is not None:
        inspect(kind, names, found)
    return [each[0] for each in found]


async def value(
    session: Session, kind: type[Value], sql: str, parameters: Parameters | None = None
) -> Value | None:
    """The only column of a statement's first row, a ``kind``; None for NULL or without a row."""
    found, names = await _found(session, sql, parameters)
    first_value: Value | None = found[0][0] if found else None
    if inspect is not None and first_value is not None:
        inspect(kind, names, found[:1])
    return first_value


async def count(session: Session, sql: str, parameters: Parameters | None = None) -> int:
    """What a ``SELECT count(*)`` counts."""
    return await value(session, int, sql, parameters) or 0


async def exists(session: Session, sql: str, parameters: Parameters | None = None) -> bool:
    """Whether a statement (``SELECT 1 FROM … WHERE …``) finds any row."""
    found, _ = await _found(session, sql, parameters)
    return bool(found)


async def run(session: AsyncSession, sql: str, parameters: Parameters | None = None) -> int:
    """Execute a statement for its effect; returns how many rows it touched."""
    result = await _answer(session, sql, parameters)
    return result.rowcount if isinstance(result, CursorResult) else 0
