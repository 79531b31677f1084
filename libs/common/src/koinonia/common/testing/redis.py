"""A Redis database of one's own for the length of a run."""

import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit, urlunsplit

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

_LEASE_SECONDS = 600  # a run that was killed gives its database back after this


class OwnDatabase:
    """One numbered database, leased so that runs that share a server never meet in it."""

    def __init__(self, url: str, register: Redis, lease: str, owner: str) -> None:
        self.url = url
        self._register, self._lease, self._owner = register, lease, owner

    async def empty(self) -> None:
        """Forget everything in it, and renew the lease."""
        await self._register.set(self._lease, self._owner, ex=_LEASE_SECONDS)
        async with Redis.from_url(self.url) as database:
            await database.flushdb()


@asynccontextmanager
async def own_database(url: str) -> AsyncIterator[OwnDatabase]:
    """Lease a database of the server at ``url``; database 0 keeps the register of leases."""
    owner = f"{os.getpid()}-{secrets.token_hex(4)}"
    again = Retry(NoBackoff(), 2)  # a test may have restarted the server meanwhile
    async with Redis.from_url(_numbered(url, 0), socket_timeout=10, retry=again) as register:
        number = await _leased(register, owner)
        own = OwnDatabase(_numbered(url, number), register, _lease(number), owner)
        try:
            yield own
        finally:
            await own.empty()
            await register.delete(_lease(number))


async def _leased(register: Redis, owner: str) -> int:
    settings = await register.config_get("databases")
    count = int(str(settings.get("databases", 16)))
    for number in range(1, count):
        if await register.set(_lease(number), owner, nx=True, ex=_LEASE_SECONDS):
            return number
    raise RuntimeError(f"All {count} databases of this Redis are in use by other test runs.")


def _lease(number: int) -> str:
    return f"koinonia:test-database:{number}"


def _numbered(url: str, number: int) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{number}"))
