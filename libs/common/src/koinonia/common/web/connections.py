"""One HTTP connection of a client whom nobody knows yet, held to limits while its bytes arrive.

uvicorn parses with httptools, which keeps a header field in memory until it is complete and a head
until its last field. Neither has a limit, a time or a number, so one connection without a login
could fill the memory and stop the loop. Here bytes are counted before they are parsed.
"""

import asyncio
import socket
import struct
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import structlog
from typing_extensions import override
from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

from koinonia.common import telemetry
from koinonia.common.web import addresses
from koinonia.common.web.joined_writes import JoinedWrites

log = structlog.get_logger()

CONNECTION = "koinonia.connection"
AT_ONCE = struct.pack("ii", 1, 0)  # linger for no second
FAREWELL_SECONDS = 1.0  # for a client to read why it was refused, before the connection is cut
# Of bodies that nobody needs any more: as much of one, then a pause, and the same for the next.
GULP_BYTES, GULP_SECONDS = 1024 * 1024, 0.05
PIECE_BYTES = 64  # of a body in many pieces, at least, on average

_refused = telemetry.counter("koinonia_connections_refused_total")


class _Trailers(list[tuple[bytes, bytes]]):
    """Keeps none: a trailer is no header, and nobody reads one (RFC 9110, 6.5.1)."""

    @override
    def append(self, field: tuple[bytes, bytes], /) -> None:
        pass


_TRAILERS = _Trailers()


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """What one connection may use, and how many of them one address may have.

    ``head_bytes``, ``fields``: of the request line and all header fields, and how many fields; as
    much may come after a head that is no body: trailers, extensions of chunks.
    ``pipelined``: requests that wait until one before them is answered.
    ``head_seconds``: from the connection, or the first byte of a further request, to the end of
    its head. ``body_seconds``: within any such time a body that is awaited must bring
    ``body_bytes``; what the service itself does not read yet is nobody's fault.
    ``unread_bytes``: of a body that is answered before it was read. ``pieces``: how many chunks of
    fewer than 64 bytes a body may have.
    ``per_address``: open connections of an IPv4 address or an IPv6 /64; None: any number, as for
    what only our own processes call, or behind proxies that count themselves.
    """

    head_bytes: int = 32 * 1024
    fields: int = 100
    pipelined: int = 32
    head_seconds: float = 10.0
    body_seconds: float = 15.0
    body_bytes: int = 4 * 1024
    unread_bytes: int = 64 * 1024 * 1024
    pieces: int = 1_000
    per_address: int | None = None


@dataclass
class Connections:
    """Makes the protocol of each connection of a server, and counts them by address."""

    limits: ConnectionLimits
    by_address: Counter[str] = field(default_factory=Counter)
    unread: set["LimitedProtocol"] = field(default_factory=set)  # with a body nobody needs any more

    def protocol(self, **given: Any) -> "LimitedProtocol":  # Any: uvicorn's own arguments
        return LimitedProtocol(self, **given)


class LimitedProtocol(HttpToolsProtocol):
    """Refuses a head that is too long (431) or too late and a body that does not come (408).

    It also lets an application say more of its connection than ASGI has words for, by what is in
    ``scope["extensions"][CONNECTION]``. ``cut()`` ends it now; closing would wait until a client
    that does not read has read all. ``bound(size, seconds)``: how many bytes the system keeps for
    such a client, and after how long one that acknowledges nothing is gone.
    """

    def __init__(self, server: Connections, **given: Any) -> None:  # Any: uvicorn's own arguments
        super().__init__(**given)
        self._server = server
        self._limits = server.limits
        self._address: str | None = None  # counted under, if at all
        self._in_head = True
        self._room = server.limits.head_bytes  # what may still come of it
        self._body = 0  # bytes of it that came since its clock was looked at
        self._beside = 0  # bytes that came after the head and held nothing of a body, in a row
        self._pieces = self._received = 0  # of it, as the parser gives them; their bytes
        self._unread = self._unread_before = 0  # bytes of it since its answer; at the last pause
        self._is_refused = False
        self._clock: asyncio.TimerHandle | None = None

    # The connection

    @override
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._joined = JoinedWrites(transport, self.loop)
        if self._is_one_too_many():
            self._uncount()  # or who asks again and again would keep itself out
            self._refuse(429)
            return
        self._clock = self.loop.call_later(self._limits.head_seconds, self._late_head)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._stop_clock()
        self._uncount()
        self._server.unread.discard(self)
        # What is left refers to itself, and the collector of such garbage comes rarely.
        self.scope = None  # type: ignore[assignment]
        self.cycle = None  # type: ignore[assignment]
        self.headers = []
        self.pipeline.clear()

    def _is_one_too_many(self) -> bool:
        if self._limits.per_address is None or self.client is None:
            return False
        self._address = addresses.bucket(self.client[0])
        self._server.by_address[self._address] += 1
        return self._server.by_address[self._address] > self._limits.per_address

    def _uncount(self) -> None:
        if self._address is not None:
            self._server.by_address[self._address] -= 1
            if not self._server.by_address[self._address]:
                del self._server.by_address[self._address]
            self._address = None

    @override
    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        cycle.transport = self._joined  # type: ignore[assignment]  # all of it that a cycle uses
        super()._start_asgi_task(cycle, app)

    # Bytes as they arrive

    @override
    def data_received(self, data: bytes) -> None:
        if self._is_refused:
            return
        if self._in_head and len(data) <= self._room:  # nearly every request: all in one piece
            self._room -= len(data)
            HttpToolsProtocol.data_received(self, data)  # this call costs half of what super() does
        else:
            self._feed(data)
        if self._room < self._limits.head_bytes or not self._in_head:
            self._wait_for_more()

    def _feed(self, data: bytes) -> None:
        """Feed the parser no more of a head than may come; what follows a head is fed after it."""
        while data and not self._is_refused and not self.transport.is_closing():
            was_in_head = self._in_head
            piece = data[: self._room if was_in_head else self._limits.head_bytes]
            data = data[len(piece) :]
            if was_in_head:
                self._room -= len(piece)
            else:
                self._body += len(piece)
                self._beside += len(piece)
            super().data_received(piece)
            if self.cycle is not None and self.cycle.response_complete and not self._in_head:
                self._count_unread(len(piece))
            if (self._room <= 0) if self._in_head else (self._beside >= self._limits.head_bytes):
                self._refuse(431)

    def _count_unread(self, size: int) -> None:
        """Of a body that was answered before it was whole, read on, for whoever sends it may read
        the answer only when it has sent everything; but all such bodies together no faster than
        one, and none of them for ever."""
        self._unread += size
        self._server.unread.add(self)
        if self._unread > self._limits.unread_bytes:
            self._hang_up()
        elif self._unread - self._unread_before > GULP_BYTES and not self.transport.is_closing():
            self._unread_before = self._unread
            self.transport.pause_reading()
            self.loop.call_later(GULP_SECONDS * len(self._server.unread), self._read_on)

    def _read_on(self) -> None:
        if not (self._is_refused or self.transport.is_closing() or self.flow.read_paused):
            self.transport.resume_reading()

    @override
    def on_message_begin(self) -> None:
        if self._is_refused:  # what else was in its piece is parsed to the end
            return
        HttpToolsProtocol.on_message_begin(self)
        self._room -= 1  # even of a head that began in the same piece as the request before it
        self.scope["extensions"] = {CONNECTION: {"cut": self._cut, "bound": self._bound}}

    @override
    def on_headers_complete(self) -> None:
        if len(self.headers) > self._limits.fields:
            self._refuse(431)
        elif len(self.pipeline) >= self._limits.pipelined:
            self._refuse(429)
        if self._is_refused:
            return
        if self._clock is not None:
            self._stop_clock()
        self._in_head, self._room = False, self._limits.head_bytes
        self._body = self._beside = self._pieces = self._received = 0
        self._unread = self._unread_before = 0
        HttpToolsProtocol.on_headers_complete(self)
        self.headers = _TRAILERS

    @override
    def on_body(self, body: bytes) -> None:
        self._beside = 0
        self._pieces += 1
        if self._pieces > self._limits.pieces and self._received < self._pieces * PIECE_BYTES:
            self._refuse(400)
        if not self._is_refused:
            self._received += len(body)
            super().on_body(body)

    @override
    def on_message_complete(self) -> None:
        if self._is_refused:
            return
        if self._clock is not None:
            self._stop_clock()
        self._in_head, self._beside = True, 0
        if self._unread:
            self._server.unread.discard(self)
        HttpToolsProtocol.on_message_complete(self)

    # Time

    def _wait_for_more(self) -> None:
        """Only of what is not there yet: most requests arrive in one piece and need no clock."""
        if self._in_head and len(self.headers) > self._limits.fields:
            self._refuse(431)
        if self._clock is not None or self._is_refused:
            return
        if self._in_head:
            self._clock = self.loop.call_later(self._limits.head_seconds, self._late_head)
        else:
            self._clock = self.loop.call_later(self._limits.body_seconds, self._look_at_body)

    def _late_head(self) -> None:
        self._clock = None
        if self._room < self._limits.head_bytes:
            self._refuse(408)
        elif not self._is_refused:
            self.transport.close()  # it never began to ask for anything

    def _look_at_body(self) -> None:
        if self._body < self._limits.body_bytes and not self.flow.read_paused:
            self._clock = None
            self._refuse(408)
            return
        self._body = 0
        self._clock = self.loop.call_later(self._limits.body_seconds, self._look_at_body)

    def _stop_clock(self) -> None:
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None

    # The end

    @override
    def send_400_response(self, msg: str) -> None:
        self._refuse(400)

    def _refuse(self, status: int) -> None:
        """Answer, as far as no other answer is under way, read nothing more, and close."""
        if self._is_refused:
            return
        self._is_refused = True
        self._stop_clock()
        if self._in_head and self.headers:
            self.headers.clear()
        _refused.add(1, {"status": str(status)})
        log.info("connection.refused", status=status)
        if self.cycle is not None and not self.cycle.response_complete:
            began = self.cycle.response_started
            self.cycle.disconnected = True
            self.cycle.message_event.set()
            if began or self.pipeline:
                self._cut()
                return
        self.transport.write(_answer(status))
        self._hang_up()

    def _hang_up(self) -> None:
        """Say and hear nothing more: to read on costs the client nothing, and all others much."""
        self._is_refused = True
        self._stop_clock()
        if not self.transport.is_closing():
            self.transport.pause_reading()
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.loop.call_later(FAREWELL_SECONDS, self._cut)

    def _cut(self) -> None:
        if self not in self.connections:  # it is closed, and its number may be another's by now
            return
        if connection := self.transport.get_extra_info("socket"):
            # Or the kernel would keep what was not read, and try for minutes.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        self.transport.abort()

    def _bound(self, size: int, seconds: float) -> None:
        if connection := self.transport.get_extra_info("socket"):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, size)
            if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux
                milliseconds = round(seconds * 1000)
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, milliseconds)


SENTENCES = {
    400: ("BAD_REQUEST", "This is no HTTP request. Check what the client sends."),
    408: ("REQUEST_TIMEOUT", "The request did not arrive in time. Send it again at once."),
    429: ("TOO_MANY_CONNECTIONS", "This address has too many connections open. Close some."),
    431: ("HEADERS_TOO_LARGE", "The header fields are too many or too long. Send fewer."),
}


def _answer(status: int) -> bytes:
    code, sentence = SENTENCES[status]
    said = f'"message":"{sentence}","code":"{code}","details":null,"requestId":""'
    body = f'{{"error":{{{said}}}}}'.encode()
    head = (
        b"content-type: application/json\r\n"
        b"content-length: %d\r\nconnection: close\r\n\r\n" % len(body)
    )
    return STATUS_LINE[status] + head + body


__all__ = ["CONNECTION", "ConnectionLimits", "Connections", "LimitedProtocol"]
