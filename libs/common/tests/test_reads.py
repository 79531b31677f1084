"""A read sees one church, whatever became of those before it on the same connection."""

import asyncio
import random
import secrets
from collections.abc import AsyncIterator
from typing import Any, NamedTuple, cast
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from koinonia.common import db
from koinonia.common.errors import NotFound
from koinonia.common.migrations.tables import OWNER
from koinonia.common.testing import explain, probe
from koinonia.common.testing.eventually import eventually
from koinonia.common.testing.servers import Servers

CHURCHES = [db.uuid7() for _ in range(5)]
CONNECTIONS = 2
ALL = "SELECT church_id, words FROM notes WHERE words LIKE :like"


class Note(NamedTuple):
    church_id: UUID
    words: str


@pytest.fixture
async def notes(servers: Servers) -> AsyncIterator[db.Database]:
    """Two connections of a role that sees the notes of one church at a time, three of each."""
    name = f"reads_{secrets.token_hex(4)}"
    owner = await asyncpg.connect(servers.database_url)
    await owner.execute(f"CREATE DATABASE {name}")
    await owner.execute(f"CREATE ROLE {name} LOGIN NOBYPASSRLS PASSWORD '{name}'")
    url = make_url(servers.database_url).set(database=name)
    inside = await asyncpg.connect(url.render_as_string(hide_password=False))
    await inside.execute(
        f"""
        CREATE TABLE notes (church_id uuid NOT NULL, words text NOT NULL);
        ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
        CREATE POLICY church ON notes USING (church_id = {OWNER});
        GRANT SELECT, INSERT ON notes TO {name};
        """
    )
    await inside.executemany(
        "INSERT INTO notes VALUES ($1, $2)",
        [(church, f"note {n}") for church in CHURCHES for n in range(3)],
    )
    await inside.close()
    own = url.set(username=name, password=name).render_as_string(hide_password=False)
    database = db.Database(own, pool_size=CONNECTIONS)
    yield database
    await database.close()
    await owner.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await owner.execute(f"DROP ROLE {name}")
    await owner.close()


async def _seen(session: db.Session) -> list[UUID]:
    return [note.church_id for note in await db.rows(session, Note, ALL, {"like": "note%"})]


class _Asking:
    """One of many that ask for the notes of churches, in every way that a request may end."""

    def __init__(self, database: db.Database, seed: int) -> None:
        self.database = database
        self.chance = random.Random(seed)
        self.answers = 0

    async def ask(self) -> None:
        church = self.chance.choice(CHURCHES)
        ways = [self._reads, self._writes, self._nobody, self._fails, self._missing]
        way = self.chance.choice([self._reads, *ways, self._is_cancelled, self._is_cut])
        await way(church)

    async def _reads(self, church: UUID) -> None:
        async with self.database.read(church) as read:
            assert await _seen(read) == [church] * 3
            assert await db.count(read, "SELECT count(*) FROM notes") == 3
        self.answers += 1

    async def _writes(self, church: UUID) -> None:
        async with self.database.transaction(church) as session:
            assert await _seen(session) == [church] * 3

    async def _nobody(self, _: UUID) -> None:
        async with self.database.transaction() as session:
            assert await _seen(session) == []

    async def _fails(self, church: UUID) -> None:
        with pytest.raises(DBAPIError) as failure:
            async with self.database.read(church) as read:
                await db.value(read, int, "SELECT 1 / CAST(:zero AS int)", {"zero": 0})
        assert not failure.value.connection_invalidated

    async def _missing(self, church: UUID) -> None:
        with pytest.raises(NotFound):
            async with self.database.read(church) as read:
                await db.one(read, Note, ALL, {"like": "nothing"}, missing=NotFound)

    async def _is_cancelled(self, church: UUID) -> None:
        async def linger() -> None:
            async with self.database.read(church) as read:
                await db.rows(read, Note, ALL, {"like": "note%"})
                await db.value(read, str, "SELECT CAST(pg_sleep(5) AS text)")

        task = asyncio.create_task(linger())
        await asyncio.wait([task], timeout=self.chance.uniform(0, 0.01))
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    async def _is_cut(self, church: UUID) -> None:
        with pytest.raises(DBAPIError) as failure:
            async with self.database.read(church) as read:
                await db.value(
                    read, bool, "SELECT pg_terminate_backend(pg_backend_pid()) FROM notes LIMIT 1"
                )
        assert failure.value.connection_invalidated


@pytest.mark.parametrize("seed", range(3))
async def test_no_connection_answers_for_another_church(notes: db.Database, seed: int) -> None:
    asking = [_Asking(notes, 100 * seed + n) for n in range(6)]

    async def go_on(one: _Asking) -> None:
        for _ in range(15):
            await one.ask()

    await asyncio.gather(*(go_on(one) for one in asking))

    assert sum(one.answers for one in asking) > 0
    async with asyncio.timeout(5), notes.transaction() as session:
        setting = "SELECT coalesce(current_setting('koinonia.church_id', true), '')"
        assert await db.value(session, str, setting) == ""
    assert not notes._turns.locked()


async def test_nothing_of_a_read_stays_on_its_connection(notes: db.Database) -> None:
    """As PgBouncer in transaction mode wants it: the next transaction there may be anybody's."""
    church = CHURCHES[0]
    setting = "SELECT coalesce(current_setting('koinonia.church_id', true), '')"
    async with notes.read(church) as read:
        assert await db.value(read, str, setting) == str(church)
        pid = await db.value(read, int, "SELECT pg_backend_pid()")
    async with notes.transaction() as session:
        assert await db.value(session, int, "SELECT pg_backend_pid()") == pid
        assert await db.value(session, str, setting) == ""


async def test_a_read_cannot_write(notes: db.Database) -> None:
    with pytest.raises(DBAPIError, match="read-only"):
        async with notes.read(CHURCHES[0]) as read:
            await db.rows(
                read, Note, "INSERT INTO notes VALUES (:id, 'x') RETURNING *", {"id": CHURCHES[0]}
            )


async def test_connections_that_the_server_closed_are_put_aside(
    notes: db.Database, servers: Servers
) -> None:
    async with notes.read(CHURCHES[0]) as one, notes.read(CHURCHES[1]) as other:
        assert await _seen(one)
        assert await _seen(other)
    owner = await asyncpg.connect(servers.database_url)
    role = make_url(notes.url).username
    await owner.execute(
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{role}'"
    )
    await owner.close()
    await eventually(lambda: _are_closed(notes))

    async with notes.read(CHURCHES[2]) as read:
        assert await _seen(read) == [CHURCHES[2]] * 3


async def _are_closed(database: db.Database) -> bool:
    """Whether the driver has heard that the connections of the pool are gone."""
    taken = [await database.engine.raw_connection() for _ in range(CONNECTIONS)]
    drivers = [cast("asyncpg.Connection[Any]", each.driver_connection) for each in taken]
    for each in taken:
        each.close()
    return all(driver.is_closed() for driver in drivers)


async def test_a_read_is_heard_as_a_transaction_is(notes: db.Database) -> None:
    with explain.watched(notes) as found:
        async with notes.read(CHURCHES[0]) as read:
            await _seen(read)
        async with notes.transaction(CHURCHES[0]) as session:
            await _seen(session)

    entered = ("SELECT set_config('koinonia.church_id', $1, true)", (str(CHURCHES[0]),))
    asked = (ALL.replace(":like", "$1"), ("note%",))
    assert found == [entered, asked, entered, asked]


async def test_reads_and_transactions_wait_in_one_line(notes: db.Database) -> None:
    served: list[str] = []

    async def write(name: str) -> None:
        async with notes.transaction(CHURCHES[0]) as session:
            await probe.first(session, "SELECT 1")
            served.append(name)

    async def read(name: str) -> None:
        async with notes.read(CHURCHES[0]) as begun:
            await _seen(begun)
            served.append(name)

    async with notes.transaction(), notes.transaction():
        waiting = [asyncio.create_task(way(str(n))) for n, way in enumerate([read, write] * 3)]
        await asyncio.sleep(0)
    await asyncio.gather(*waiting)

    assert sorted(served) == [str(n) for n in range(6)]


async def test_rows_of_many_churches_are_written_at_once_each_under_its_own(
    notes: db.Database,
) -> None:
    given = [random.choice(CHURCHES) for _ in range(40)]
    async with notes.transaction() as session:
        db.entering(session, given)
        await db.run(
            session,
            f"""
            INSERT INTO notes (church_id, words)
            SELECT {db.ENTERED}, 'new'
              FROM unnest(CAST(:churches AS uuid[])) AS given (church_id)
            """,
            {"churches": given},
        )
    for church in CHURCHES:
        async with notes.read(church) as read:
            found = await db.rows(read, Note, ALL, {"like": "new"})
        assert [note.church_id for note in found] == [church] * given.count(church)


async def test_a_row_that_is_not_of_the_church_that_was_entered_is_refused(
    notes: db.Database,
) -> None:
    with pytest.raises(DBAPIError, match="row-level security"):
        async with notes.transaction() as session:
            await db.run(
                session,
                f"""
                INSERT INTO notes (church_id, words)
                SELECT CAST(:other AS uuid), CAST({db.ENTERED} AS text)
                  FROM unnest(CAST(:churches AS uuid[])) AS given (church_id)
                """,
                {"churches": CHURCHES[:1], "other": CHURCHES[1]},
            )
