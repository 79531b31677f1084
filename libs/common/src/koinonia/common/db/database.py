"""PostgreSQL: engines, the one place where a transaction begins and ends, and the church's scope.

Every table of business data has ``church_id`` and a row-level-security policy that compares it to
the setting ``koinonia.church_id``. :meth:`Database.transaction` sets it, local to the transaction,
so a query that forgets its ``WHERE church_id`` finds nothing instead of everything.

The role in the URL (``koinonia_<service>``) owns no table, has no BYPASSRLS and reads one schema;
its ``search_path`` is that schema, so SQL here and in the services names tables plainly.
"""

import asyncio
import math
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)

from koinonia.common.db import reads
from koinonia.common.db.reads import Heard, Read
from koinonia.common.db.statements import CHURCHES, WRITTEN, enter_church

AFTER_COMMIT = "koinonia after commit"  # the key in session.info
ADMIN = "koinonia admin"  # the same: id of who of the team acts in this transaction, in a request
TURN_SECONDS = 5.0

Written = Callable[[UUID, Collection[str]], Awaitable[object]]
"""Called after a commit with a church and those watched tables that were written."""


_NONE: frozenset[str] = frozenset()


def default_pool_size() -> int:
    """``cores * 2 + 1`` connections per process (seed: the pool formula of the earlier system)."""
    return (os.cpu_count() or 1) * 2 + 1


class Database:
    """An engine and its transactions.

    ``url`` is ``postgresql://role:password@host:port/database``. As many transactions run at one
    time as there are connections, ``pool_size``; the next ones wait 5 seconds for their turn.
    ``prepared_statements=False`` is for PgBouncer in transaction mode before 1.21.
    """

    def __init__(
        self,
        url: str,
        *,
        pool_size: int | None = None,
        prepared_statements: bool = True,
        application: str = "koinonia",
    ) -> None:
        self.url = url
        self._watched = _NONE
        self._written: Written | None = None
        size = pool_size or default_pool_size()
        connect: dict[str, object] = {
            "timeout": 5,
            "command_timeout": 60,
            "server_settings": {"application_name": application},
        }
        if not prepared_statements:
            connect |= {"statement_cache_size": 0, "prepared_statement_cache_size": 0}
        # SQLAlchemy's pool hands a returned connection to whoever asks first, past those who wait,
        # and opens and closes one per transaction above its size: 2.5 times the time at the 95th
        # percentile, half the transactions per second (docs/performance.md). So we queue here.
        self._turns = asyncio.Semaphore(size)
        self._bulk = asyncio.Semaphore(max(1, size - math.ceil(size / 3)))
        self.engine: AsyncEngine = create_async_engine(
            make_url(url).set(drivername="postgresql+asyncpg"),
            pool_size=size,
            max_overflow=1,  # for the ping of a readiness check, which takes no turn
            pool_timeout=TURN_SECONDS,
            pool_pre_ping=False,
            hide_parameters=True,  # an error is logged; what people wrote must not be
            connect_args=connect,
            json_serializer=lambda value: orjson.dumps(value).decode(),
            json_deserializer=orjson.loads,
        )
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False, autoflush=False)
        self.listeners: list[Heard] = []  # to the statements of reads; of sessions the engine tells

    def carry(self, **parts: object) -> None:
        """Let every session bring these along in ``session.info``, for what follows its commit."""
        self._sessions.configure(info=parts)

    def watch(self, tables: Collection[str], written: Written) -> None:
        """Call ``written`` after each commit of a transaction that wrote to any of ``tables``.

        Which those are is read from the text of the statements, so nobody who changes rows has to
        think of it. What a trigger or a cascade writes is not seen: watch the table they follow.
        """
        self._watched, self._written = frozenset(tables), written

    @asynccontextmanager
    async def transaction(
        self,
        church_id: UUID | None = None,
        *,
        isolation: str | None = None,
        read_only: bool = False,
        bulk: bool = False,
        is_kept: bool = True,
    ) -> AsyncIterator[AsyncSession]:
        """One transaction: committed when the block ends, rolled back when it raises.

        ``church_id`` scopes it to one church's rows; None sees no church's rows at all, only the
        tables that hold ids (outbox, inbox, due work). ``bulk`` is for work on many rows that no
        one person waits for: it leaves a third of the connections to others, at any time.
        Where it is not ``is_kept``, everything is rolled back at the end: a dry run.
        """
        async with self._turn(bulk), self._sessions() as session:
            if isolation or read_only:
                options: dict[str, object] = {"postgresql_readonly": read_only}
                if isolation:
                    options["isolation_level"] = isolation
                await session.connection(execution_options=options)
            if church_id is not None:
                await enter_church(session, church_id)
            yield session
            if not is_kept:
                await session.rollback()
                return
            await session.commit()
        if self._written and (tables := self._watched & session.info.get(WRITTEN, _NONE)):
            for church in session.info.get(CHURCHES, ()):
                await self._written(church, tables)
        for action in session.info.get(AFTER_COMMIT, ()):
            await action()

    @asynccontextmanager
    async def read(self, church_id: UUID) -> AsyncIterator[Read]:
        """A transaction of one church that only reads, straight through the driver: a third of
        what a session costs. For the lists that staff look at all day."""
        async with self._turn(), reads.begun(self.engine, church_id, self.listeners) as read:
            yield read

    @asynccontextmanager
    async def _turn(self, bulk: bool = False) -> AsyncIterator[None]:
        """First come, first served."""
        if bulk:
            async with _held(self._bulk), _held(self._turns):
                yield
        else:
            async with _held(self._turns):
                yield

    async def ping(self) -> None:
        """Raise when the database does not answer."""
        async with self.engine.connect() as connection:
            await connection.execute(text("SELECT 1"))

    async def close(self) -> None:
        await self.engine.dispose()


def after_commit(session: AsyncSession, action: Callable[[], Awaitable[object]]) -> None:
    """Run ``action`` when this transaction has committed, and never when it has not.

    For effects that may be lost, because a crash in between loses them: to forget a cached value,
    to wake a waiter. What must not be lost is an event in the outbox.
    """
    session.info.setdefault(AFTER_COMMIT, []).append(action)


@asynccontextmanager
async def _held(line: asyncio.Semaphore) -> AsyncIterator[None]:
    """A place in ``line``, which is waited for in order."""
    if line.locked():
        try:
            async with asyncio.timeout(TURN_SECONDS):
                await line.acquire()
        except TimeoutError:
            raise PoolTimeout(f"no connection was free within {TURN_SECONDS:g} s") from None
    else:
        await line.acquire()  # at once; a timeout would cost more than the rest of a turn
    try:
        yield
    finally:
        line.release()
