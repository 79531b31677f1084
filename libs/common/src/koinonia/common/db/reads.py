"""A read: statements of one church that go straight to the driver.

What a list costs is hardly the database's part: an ``AsyncSession`` takes three times as much
processor for the same statements (docs/performance.md). A read has the connection of the same
pool, for as long as its turn lasts, and speaks with asyncpg itself. It begins with the church, in
one message with ``BEGIN``, and ends with the transaction, so nothing of the church stays on the
connection: PgBouncer in transaction mode may stand in between.

The database refuses to write in it (``READ ONLY``).
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Any, TypeAlias, cast
from uuid import UUID

import asyncpg
from sqlalchemy import text
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import PoolProxiedConnection

Connection: TypeAlias = (
    "asyncpg.Connection[Any]"  # Any: of a row's columns, which only its statement knows
)
Heard = Callable[[str, Sequence[object]], None]
"""Called with each statement as the driver gets it, and its parameters."""
ENTERED = "SELECT set_config('koinonia.church_id', $1, true)"
"""The beginning of a read as listeners are told it: a statement like others, to be asked again."""

_DIALECT: Any = PGDialect_asyncpg()  # type: ignore[no-untyped-call]  # Any: SQLAlchemy's own
_FAILURES = (
    *(asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError),
    _DIALECT.import_dbapi().Error,
)


class Read:
    """The statements of one transaction. ``db.rows`` and its siblings take it as they take a
    session."""

    def __init__(self, connection: Connection, listeners: Sequence[Heard]) -> None:
        self._connection = connection
        self._listeners = listeners

    async def fetch(self, sql: str, parameters: Mapping[str, object]) -> list[asyncpg.Record]:
        """All rows. ``sql`` names its parameters ``:name``."""
        positional, names = _positional(sql)
        values = [parameters[name] for name in names]
        for heard in self._listeners:
            heard(positional, values)
        try:
            return await self._connection.fetch(positional, *values)
        except _FAILURES as error:
            is_lost = self._connection.is_closed() or isinstance(error, asyncpg.InternalClientError)
            raise _known(error, is_lost=is_lost) from error

    async def columns(self, sql: str) -> tuple[str, ...]:
        """The names of what ``sql`` answers."""
        prepared = await self._connection.prepare(_positional(sql)[0])
        return tuple(attribute.name for attribute in prepared.get_attributes())


@asynccontextmanager
async def begun(
    engine: AsyncEngine, church_id: UUID, listeners: Sequence[Heard]
) -> AsyncIterator[Read]:
    """A read on a connection of the pool, which must have one that is free.

    Ends the transaction, or else the connection: none goes back into the pool with a church on it.
    """
    pooled, connection = await _connected(engine)
    for heard in listeners:
        heard(ENTERED, [str(church_id)])
    is_over = False
    try:
        # Only an id is written into this text: str(UUID) is digits, letters a to f and hyphens.
        await connection.execute(
            f"BEGIN READ ONLY; SET LOCAL koinonia.church_id = '{UUID(bytes=church_id.bytes)}'"
        )
        yield Read(connection, listeners)
        await connection.execute("COMMIT")
        is_over = True
    except Exception as error:
        is_over = await _rolled_back(connection)
        if isinstance(error, _FAILURES):
            raise _known(error, is_lost=not is_over) from error
        raise
    finally:
        if not is_over:  # it was cancelled, or its connection is lost
            connection.terminate()
            pooled.invalidate()
        pooled.close()


async def _connected(engine: AsyncEngine) -> tuple[PoolProxiedConnection, Connection]:
    """What the server has closed meanwhile, as when it restarts, is put aside unused."""
    while True:
        try:
            pooled = await engine.raw_connection()
        except _FAILURES as error:
            raise _known(error, is_lost=True) from error
        connection = cast("Connection", pooled.driver_connection)
        if not connection.is_closed():
            return pooled, connection
        pooled.invalidate()


async def _rolled_back(connection: Connection) -> bool:
    try:
        await connection.execute("ROLLBACK")
    except (*_FAILURES, OSError):
        return False
    return True


def _known(error: Exception, *, is_lost: bool) -> DBAPIError:
    """The same error as a session raises it, for whoever tells errors apart."""
    return DBAPIError(None, None, error, hide_parameters=True, connection_invalidated=is_lost)


@lru_cache(maxsize=1024)
def _positional(sql: str) -> tuple[str, Sequence[str]]:
    """``sql`` with ``$1`` in the place of ``:name``, and the names in that order; as a session
    compiles it, so both ask the very same statement."""
    compiled = text(sql).compile(dialect=_DIALECT)
    return str(compiled), tuple(getattr(compiled, "positiontup", None) or ())
