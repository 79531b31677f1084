"""A migrated database for each test: migrated once per run, then cloned.

PostgreSQL copies a template in some tens of milliseconds, far less than migrations take, and a
test may commit as it likes, because nobody else sees its copy. The next copy is made, and the last
one dropped, while a test runs: a quarter of a suite's time was waiting for that.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import asyncpg
from sqlalchemy.engine import make_url

from koinonia.common import migrations
from koinonia.common.testing.secrets import role_password

_CONNECT_SECONDS = 10


@dataclass(frozen=True)
class Databases:
    """One test's database. ``admin_url`` logs in as its owner, past all row-level security."""

    admin_url: str
    services: frozenset[str]

    def url(self, service: str) -> str:
        """The login of a service's own role."""
        if service not in self.services:
            raise LookupError(
                f"This test's database holds {', '.join(sorted(self.services)) or 'no service'}. "
                f'Mark the test with @pytest.mark.services("{service}", ...).'
            )
        return role_url(self.admin_url, service)


def role_url(admin_url: str, service: str) -> str:
    """The login of a service's own role in the database of ``admin_url``."""
    url = make_url(admin_url).set(
        username=migrations.role(service), password=role_password(admin_url)
    )
    return url.render_as_string(hide_password=False)


class Cluster:
    """The databases of one run; their names differ from those of any other run."""

    def __init__(self, admin_url: str, maker: "Admin", dropper: "Admin") -> None:
        self._admin_url = admin_url
        self._maker, self._dropper = maker, dropper
        self._run = f"koinonia_test_{secrets.token_hex(4)}"
        self._count = 0
        self._templates: dict[frozenset[str], asyncio.Task[str]] = {}
        self._next: dict[frozenset[str], asyncio.Task[str]] = {}
        self._dropping: set[asyncio.Task[None]] = set()

    @classmethod
    @asynccontextmanager
    async def opened(cls, admin_url: str) -> AsyncIterator[Self]:
        async with Admin.connected(admin_url) as maker, Admin.connected(admin_url) as dropper:
            self = cls(admin_url, maker, dropper)
            try:
                yield self
            finally:
                await asyncio.gather(*self._next.values(), *self._dropping, return_exceptions=True)
                await self._drop_leftovers()

    @asynccontextmanager
    async def database(self, services: frozenset[str]) -> AsyncIterator[Databases]:
        """A copy of the template of ``services``, dropped afterwards."""
        is_first = services not in self._templates
        if is_first:
            self._templates[services] = asyncio.create_task(self._template(services))
        name = await (self._next.pop(services, None) or self._copy(services))
        if not is_first:  # somebody asked twice, so others probably will
            self._next[services] = asyncio.create_task(self._copy(services))
        try:
            yield Databases(self._url(name), services)
        finally:
            dropping = asyncio.create_task(self._dropper.drop(name))
            self._dropping.add(dropping)
            dropping.add_done_callback(self._dropping.discard)

    async def _copy(self, services: frozenset[str]) -> str:
        template, name = await self._templates[services], self._name()
        # As files: through the log, which is the default, a copy takes twice the time.
        await self._maker.run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return name

    async def _template(self, services: Collection[str]) -> str:
        name = self._name()
        await self._maker.run(f"CREATE DATABASE {name}")
        password = role_password(self._admin_url)
        # Roles belong to the cluster: two runs that create one at the same moment would collide.
        await self._maker.run("SELECT pg_advisory_lock(hashtext('koinonia test roles'))")
        try:
            for service in sorted(services):
                await migrations.upgrade(self._url(name), service, password)
        finally:
            await self._maker.run("SELECT pg_advisory_unlock(hashtext('koinonia test roles'))")
        await self._maker.run(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        return name

    async def _drop_leftovers(self) -> None:
        for name in await self._dropper.databases(self._run):
            await self._dropper.drop(name)

    def _name(self) -> str:
        self._count += 1
        return f"{self._run}_{self._count}"

    def _url(self, database: str) -> str:
        url = make_url(self._admin_url).set(database=database)
        return url.render_as_string(hide_password=False)


class Admin:
    """A connection of the databases' owner, for one statement at a time."""

    def __init__(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        self._connection = connection
        self._turn = asyncio.Lock()

    @classmethod
    @asynccontextmanager
    async def connected(cls, admin_url: str) -> AsyncIterator[Self]:
        connection = await asyncpg.connect(admin_url, timeout=_CONNECT_SECONDS)
        try:
            yield cls(connection)
        finally:
            await connection.close()

    async def run(self, statement: str) -> None:
        async with self._turn:
            await self._connection.execute(statement)

    async def drop(self, name: str) -> None:
        await self.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    async def databases(self, prefix: str) -> list[str]:
        async with self._turn:
            rows = await self._connection.fetch(
                "SELECT datname FROM pg_database WHERE starts_with(datname, $1)", prefix
            )
        return [row["datname"] for row in rows]


def services_of(root: Path) -> frozenset[str]:
    """The services below ``root`` that have migrations."""
    return frozenset(
        path.parent.parent.name
        for path in root.glob("services/*/src/koinonia/*/migrations/versions")
    )
