"""The call to a receiver: one POST, no redirects, ten seconds, public addresses only.

Connections are kept for a moment, so that a receiver that gets many is not met anew each time; each
was checked when it was made (:mod:`koinonia.common.outbound.public_network`).
"""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import httpcore
import httpx

from koinonia.common.outbound.public_network import NoAddress, NotPublic, PublicOnly
from koinonia.integrations.vocabulary import DeliveryFailure

SECONDS = 10.0
KEPT_CHARACTERS = 2048
_MOST_READ = 4 * KEPT_CHARACTERS  # bytes: a character has at most four
_KEPT_CONNECTIONS = 64
_KEPT_SECONDS = 15.0
_GONE = 410
_TOO_MANY = 429
_HEADERS = {
    "content-type": "application/json",
    "user-agent": "koinonia-webhooks/1",
    "accept-encoding": "identity",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an attempt; ``answer`` is the beginning of the body."""

    milliseconds: int
    status: int | None = None
    failure: DeliveryFailure | None = None
    answer: str = ""

    @property
    def is_taken(self) -> bool:
        return self.failure is None

    @property
    def is_gone(self) -> bool:
        return self.status == _GONE

    @property
    def is_trouble(self) -> bool:
        """Whether the next attempt would most likely fail as well, whatever it says."""
        if self.failure is not DeliveryFailure.STATUS:
            return not self.is_taken
        return self.status is None or self.status >= 500 or self.status == _TOO_MANY


class Caller:
    """Calls receivers. Close it with :meth:`close`."""

    def __init__(self, *, allows_loopback: bool = False, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._allows_loopback = allows_loopback

    @cached_property
    def _pool(self) -> httpcore.AsyncConnectionPool:
        """Opened by who calls: a process that only answers needs no certificates."""
        return httpcore.AsyncConnectionPool(
            ssl_context=httpx.create_ssl_context(),
            network_backend=PublicOnly(allows_loopback=self._allows_loopback),
            max_connections=None,  # lanes bound them
            max_keepalive_connections=_KEPT_CONNECTIONS,
            keepalive_expiry=_KEPT_SECONDS,
        )

    async def close(self) -> None:
        if "_pool" in self.__dict__:
            await self._pool.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
        """Never raises for what the receiver does."""
        began = time.monotonic()
        status, answer, failure = None, "", None
        try:
            async with asyncio.timeout(self._seconds):
                status, answer = await self._post(url, headers, body)
        except NotPublic:
            failure = DeliveryFailure.NOT_PUBLIC
        except (TimeoutError, httpcore.TimeoutException):
            failure = DeliveryFailure.TIMEOUT
        except httpcore.ProtocolError:
            failure = DeliveryFailure.BROKEN
        except (NoAddress, httpcore.NetworkError, OSError, httpx.InvalidURL, UnicodeError):
            failure = DeliveryFailure.UNREACHABLE
        if failure is None and status is not None and not 200 <= status < 300:
            failure = DeliveryFailure.STATUS
        return Outcome(int((time.monotonic() - began) * 1000), status, failure, answer)

    async def _post(self, url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, str]:
        where = httpx.URL(url)
        own = {"host": where.netloc.decode(), "content-length": str(len(body))}
        sent = {**own, **_HEADERS, **headers}
        async with self._pool.stream(
            "POST",
            httpcore.URL(
                scheme=where.raw_scheme,
                host=where.raw_host,
                port=where.port,
                target=where.raw_path,
            ),
            headers=[(name.encode(), value.encode()) for name, value in sent.items()],
            content=body,
            extensions={"timeout": {"connect": self._seconds, "read": self._seconds}},
        ) as response:
            return response.status, await _beginning(response)


async def _beginning(response: httpcore.Response) -> str:
    """What is longer is not read, and its connection is not used again."""
    read = bytearray()
    async for chunk in response.aiter_stream():
        read += chunk
        if len(read) >= _MOST_READ:
            break
    text = bytes(read[:_MOST_READ]).decode("utf-8", "replace").replace("\0", "")
    return text[:KEPT_CHARACTERS]
