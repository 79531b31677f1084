"""A load of HTTP requests from one process, light enough not to be what is measured.

Each connection sends its next request when the answer to the last one is complete (a closed loop),
straight from the protocol's callback: no task and no future per request.
"""

import asyncio
import itertools
import resource
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit

import httptools
from tests.load.figures import Spoiled, Spread

CONNECTIONS = 32
WARM_UP = 0.5  # seconds that are not counted
MOST_REQUESTS = 200_000
GRACE = 15.0  # seconds for the last answers


@dataclass(frozen=True, slots=True)
class Call:
    """One request of several to the same address; ``query`` is added to it."""

    query: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Load:
    """What came of it. ``requests`` counts the warm-up too; ``own_share`` is how much of one core
    the generator itself took."""

    seconds: float
    latencies: list[float]
    requests: int
    own_share: float

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds

    @property
    def spread(self) -> Spread:
        return Spread.of(self.latencies)


class _Connection(asyncio.Protocol):
    """One connection that asks again and again until the run is over."""

    def __init__(self, run: "_Run") -> None:
        self._run = run
        self._parser = httptools.HttpResponseParser(self)
        self._transport: asyncio.Transport | None = None
        self._sent_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._ask()

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._run.fail(f"an answer that is no HTTP: {error}")

    def on_message_complete(self) -> None:
        status = self._parser.get_status_code()
        self._parser = httptools.HttpResponseParser(self)
        if self._run.takes(status, self._sent_at):
            self._ask()
        elif self._transport:
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self._run.left(exc)

    def _ask(self) -> None:
        assert self._transport is not None
        self._sent_at = time.perf_counter()
        self._transport.write(next(self._run.requests))


class _Run:
    """The state that the connections of one load share."""

    def __init__(self, requests: Sequence[bytes], connections: int, seconds: float) -> None:
        self.requests = itertools.cycle(requests)
        self._line = _line(requests[0])
        self.latencies: list[float] = []
        self.answers = 0
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._open = connections
        self._from = time.perf_counter() + WARM_UP
        self._until = self._from + seconds

    def takes(self, status: int, sent_at: float) -> bool:
        """Count an answer; True when another request is wanted."""
        now = time.perf_counter()
        self.answers += 1
        if not 200 <= status < 300:
            self.fail(f"an answer with status {status}")
        elif self._from <= now < self._until:
            self.latencies.append(now - sent_at)
        return now < self._until and len(self.latencies) < MOST_REQUESTS and not self.over.done()

    def left(self, exc: Exception | None) -> None:
        self._open -= 1
        if time.perf_counter() < self._until and len(self.latencies) < MOST_REQUESTS:
            self.fail(f"a connection that was closed: {exc!r}")
        elif self._open == 0 and not self.over.done():
            self.over.set_result(None)

    def fail(self, what: str) -> None:
        if not self.over.done():
            self.over.set_exception(Spoiled(f"{self._line} got {what}"))


async def drive(
    url: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    calls: Sequence[Call] = (),
    connections: int = CONNECTIONS,
    seconds: float = 4.0,
) -> Load:
    """Ask ``url`` over ``connections`` for ``seconds``. Raises ``Spoiled`` unless all are 2xx.

    With ``calls`` these are posted in turns, instead of the same request again and again.
    """
    address = urlsplit(url)
    loop = asyncio.get_running_loop()
    requests = [
        _request(f"{url}?{call.query}", "POST", call.headers, call.body) for call in calls
    ] or [_request(url, method, headers or {}, body)]
    run = _Run(requests, connections, seconds)
    began, used = time.perf_counter(), _processor()
    opened = [
        await loop.create_connection(
            lambda: _Connection(run), address.hostname or "", address.port or 80
        )
        for _ in range(connections)
    ]
    try:
        async with asyncio.timeout(WARM_UP + seconds + GRACE):
            await run.over
    finally:
        for transport, _ in opened:
            transport.abort()
    share = (_processor() - used) / (time.perf_counter() - began)
    return Load(seconds, run.latencies, run.answers, share)


def _request(url: str, method: str, headers: Mapping[str, str], body: bytes) -> bytes:
    address = urlsplit(url)
    target = address.path + (f"?{address.query}" if address.query else "")
    # What a browser says of itself: compression is part of what an answer costs.
    lines = [f"{method} {target} HTTP/1.1", f"Host: {address.netloc}", "Accept-Encoding: gzip"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines += [f"Content-Length: {len(body)}"] if body else []
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def _line(request: bytes) -> str:
    return request.partition(b" HTTP/")[0].decode()


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
