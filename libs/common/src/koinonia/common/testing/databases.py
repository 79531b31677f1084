"""A migrated database for each test: migrated once per run, then cloned.

PostgreSQL copies a template in some tens of milliseconds, far less than migrations take, and a
test may commit as it likes, because nobody else sees its copy.
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

    def __init__(self, admin_url: str, admin: "asyncpg.Connection[asyncpg.Record]") -> None:
        self._admin_url, self._admin = admin_url, admin
        self._run = f"koinonia_test_{secrets.token_hex(4)}"
        self._count = 0
        self._templates: dict[frozenset[str], asyncio.Task[str]] = {}

    @classmethod
    @asynccontextmanager
    async def of(cls, admin_url: str) -> AsyncIterator[Self]:
        admin = await asyncpg.connect(admin_url, timeout=_CONNECT_SECONDS)
        self = cls(admin_url, admin)
        try:
            yield self
        finally:
            await self._drop_templates()
            await admin.close()

    @asynccontextmanager
    async def database(self, services: frozenset[str]) -> AsyncIterator[Databases]:
        """A copy of the template of ``services``, dropped afterwards."""
        if services not in self._templates:
            self._templates[services] = asyncio.create_task(self._template(services))
        template = await self._templates[services]
        name = self._name()
        await self._admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield Databases(self._url(name), services)
        finally:
            await self._admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    async def _template(self, services: Collection[str]) -> str:
        name = self._name()
        await self._admin.execute(f"CREATE DATABASE {name}")
        password = role_password(self._admin_url)
        # Roles belong to the cluster: two runs that create one at the same moment would collide.
        await self._admin.execute("SELECT pg_advisory_lock(hashtext('koinonia test roles'))")
        try:
            for service in sorted(services):
                await migrations.upgrade(self._url(name), service, password)
        finally:
            await self._admin.execute("SELECT pg_advisory_unlock(hashtext('koinonia test roles'))")
        await self._admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        return name

    async def _drop_templates(self) -> None:
        leftover = await self._admin.fetch(
            "SELECT datname FROM pg_database WHERE starts_with(datname, $1)", self._run
        )
        for row in leftover:
            await self._admin.execute(f"DROP DATABASE {row['datname']} WITH (FORCE)")

    def _name(self) -> str:
        self._count += 1
        return f"{self._run}_{self._count}"

    def _url(self, database: str) -> str:
        url = make_url(self._admin_url).set(database=database)
        return url.render_as_string(hide_password=False)


def services_of(root: Path) -> frozenset[str]:
    """The services below ``root`` that have migrations."""
    return frozenset(
        path.parent.parent.name for path in root.glob("services/*/migrations/versions")
    )
