"""Fetch a file from an address that a stranger wrote.

Only over http and https, only from public machines
(:mod:`koinonia.common.outbound.public_network`), with few redirects, within limits of time and
size. The server's headers for size and type are not trusted: bytes are counted as they come. A
failure is one of three: try again, gone, refused.
"""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

import httpcore
import httpx

from koinonia.common.outbound.public_network import (
    NoAddress,
    NotPublic,
    PublicOnly,
    Resolve,
    resolve_host,
)

MB = 1024 * 1024
MOST_REDIRECTS = 3
HEADERS = [
    (b"Accept", b"*/*"),
    (b"Accept-Encoding", b"identity"),  # a small compressed answer may be large unpacked
    (b"User-Agent", b"koinonia-media/1"),
]
REDIRECTS = (301, 302, 303, 307, 308)
GONE = (403, 404, 410)  # a store answers 403 for an expired address
LATER = (408, 425, 429)


class Outcome(StrEnum):
    """What a failure means for the file."""

    AGAIN = "again"  # a later attempt may succeed
    GONE = "gone"  # there is no file at the address any more
    REFUSED = "refused"  # no attempt will succeed


class NotFetched(Exception):
    """``outcome`` tells what to do; ``str()`` is a sentence for staff, without the address."""

    def __init__(self, outcome: Outcome, sentence: str) -> None:
        self.outcome = outcome
        super().__init__(sentence)


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds, and bytes of the file. ``total`` includes redirects; it also ends a server that
    sends a byte at a time."""

    connect: float = 5.0
    read: float = 10.0
    total: float = 60.0
    size: int = 16 * MB


class Fetcher:
    """Fetches files. ``allowed`` are ``host:port`` that need not be public: for a simulated
    carrier. Close it with :meth:`close`."""

    def __init__(
        self,
        *,
        allowed: Collection[str] = (),
        limits: Limits | None = None,
        resolve: Resolve = resolve_host,
    ) -> None:
        self._limits = limits or Limits()
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=httpx.create_ssl_context(),
            network_backend=PublicOnly(allowed, resolve),
            max_keepalive_connections=0,  # every connection is checked
        )

    async def close(self) -> None:
        await self._pool.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def fetch(self, url: str) -> bytes:
        """The file's bytes; raises ``NotFetched``."""
        try:
            async with asyncio.timeout(self._limits.total):
                return await self._fetch(url)
        except NotPublic:
            raise NotFetched(
                Outcome.REFUSED, "The file's address leads to a machine that is not public."
            ) from None
        except (TimeoutError, httpcore.TimeoutException):
            raise NotFetched(Outcome.AGAIN, "The file's server was too slow.") from None
        except (NoAddress, httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
            raise NotFetched(Outcome.AGAIN, "The file's server could not be reached.") from error

    async def _fetch(self, url: str) -> bytes:
        where = _parsed(url)
        for _ in range(MOST_REDIRECTS + 1):
            answer = await self._request(where)
            if isinstance(answer, bytes):
                return answer
            where = _parsed(answer, where)
        raise NotFetched(Outcome.REFUSED, "The file's server sends us on without end.")

    async def _request(self, where: httpx.URL) -> bytes | str:
        """The file, or the address that the server redirects to."""
        limits = self._limits
        async with self._pool.stream(
            "GET",
            httpcore.URL(
                scheme=where.raw_scheme,
                host=where.raw_host,
                port=where.port,
                target=where.raw_path,
            ),
            headers=[(b"Host", where.netloc), *HEADERS],
            extensions={
                "timeout": {"connect": limits.connect, "read": limits.read, "pool": limits.connect}
            },
        ) as response:
            if response.status in REDIRECTS:
                return _location(response)
            if response.status != 200:
                raise _refusal(response.status)
            return await self._read(response)

    async def _read(self, response: httpcore.Response) -> bytes:
        content = bytearray()
        async for chunk in response.aiter_stream():
            content += chunk
            if len(content) > self._limits.size:
                raise NotFetched(
                    Outcome.REFUSED,
                    f"The file is larger than {self._limits.size // MB} MB.",
                )
        return bytes(content)


def _parsed(url: str, base: httpx.URL | None = None) -> httpx.URL:
    try:
        where = base.join(url) if base else httpx.URL(url)
    except (httpx.InvalidURL, UnicodeError, ValueError):
        raise _bad_address() from None
    if where.scheme not in ("http", "https") or not where.host or where.userinfo:
        raise _bad_address()
    return where


def _bad_address() -> NotFetched:
    return NotFetched(
        Outcome.REFUSED, "The file's address is none that a file can be fetched from."
    )


def _location(response: httpcore.Response) -> str:
    for name, value in response.headers:
        if name.lower() == b"location":
            return value.decode("latin-1")
    raise NotFetched(Outcome.REFUSED, "The file's server sends us on to nowhere.")


def _refusal(status: int) -> NotFetched:
    if status in GONE:
        return NotFetched(Outcome.GONE, "The file is not there any more.")
    if status >= 500 or status in LATER:
        return NotFetched(Outcome.AGAIN, "The file's server has trouble.")
    if status == 401:
        return NotFetched(Outcome.REFUSED, "The file's server asks for a password.")
    return NotFetched(Outcome.REFUSED, "The file's server does not give the file.")
