"""One open stream: its queue, and the task that writes from it.

Everything here runs in one event loop, so what is put is in order and needs no lock.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.types import Message, Receive, Scope, Send

from koinonia.common.identity import Identity
from koinonia.common.web.connections import CONNECTION

WRITTEN_AT_ONCE = 64 * 1024  # bytes; joining more would copy a long replay at once
UNPLACED = -1
KERNEL_BYTES = 64 * 1024  # unread ones of one stream; left alone, Linux keeps up to 4 MB
GONE_SECONDS = 30.0  # without an answer from its machine; TCP by itself would wait for 15 minutes
LINGER_SECONDS = 2.0  # for the last bytes; then the connection is cut

HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # nginx would buffer the events
    (b"connection", b"close"),  # no request follows on it, so it may be cut
]


@dataclass(eq=False, slots=True)
class Stream:
    """A stream of ``identity``, which has seen everything up to ``after``.

    ``room`` is how many bytes may wait; a slower client is cut off. It loses nothing: it comes
    back and resumes.
    """

    identity: Identity
    room: int
    after: int = UNPLACED
    written_at: float = field(default_factory=time.monotonic)
    opened_at: float = field(default_factory=time.monotonic)
    is_ending: bool = False
    _writing_since: float | None = None
    _waiting: deque[bytes] = field(default_factory=deque)
    _size: int = 0
    _replayed: int = 0
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _abort: Callable[[], object] | None = None

    @property
    def is_idle(self) -> bool:
        return not self._waiting and self._writing_since is None

    def put(self, chunk: bytes) -> bool:
        """Queue ``chunk``; False if the client is too slow and was cut off."""
        if self.is_ending:
            return True
        self._push(chunk)
        if self._size > self.room + self._replayed:
            self.cut()
            return False
        return True

    def replay(self, chunks: list[bytes]) -> None:
        """Queue what the client missed. That does not count towards ``room``."""
        for chunk in chunks:
            self._push(chunk)
        self._replayed = self._size

    def end(self, chunk: bytes) -> None:
        """Write what waits, then ``chunk`` as the last."""
        if not self.is_ending:
            self._push(chunk)
            self.is_ending = True

    def cut(self) -> None:
        """Close at once, whatever waits."""
        self.is_ending = True
        self._waiting.clear()
        self._size = 0
        if self._abort:
            self._abort()  # first, so that the writer finds the client gone
        self._wake.set()

    def is_stuck(self, now: float, seconds: float) -> bool:
        """Whether one write has not ended for so long."""
        return self._writing_since is not None and now - self._writing_since > seconds

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Write until the end, or until the client has left."""
        connection = scope.get("extensions", {}).get(CONNECTION)
        if connection:
            self._abort = connection["cut"]
            connection["bound"](KERNEL_BYTES, GONE_SECONDS)
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        leaving = asyncio.create_task(self._leave(receive))
        try:
            await self._write(send)
        finally:
            leaving.cancel()
            if self._abort:
                asyncio.get_running_loop().call_later(LINGER_SECONDS, self._abort)

    def _push(self, chunk: bytes) -> None:
        self._waiting.append(chunk)
        self._size += len(chunk)
        self._wake.set()

    async def _write(self, send: Send) -> None:
        while True:
            while self._waiting:
                await self._send(send, {"body": self._taken(), "more_body": True})
            self._replayed = 0
            if self.is_ending:
                await self._send(send, {"body": b"", "more_body": False})
                return
            self._wake.clear()
            await self._wake.wait()

    async def _send(self, send: Send, content: Message) -> None:
        self._writing_since = time.monotonic()
        await send({"type": "http.response.body", **content})
        self._writing_since = None
        self.written_at = time.monotonic()

    def _taken(self) -> bytes:
        """The next chunks, as many as are written at once; a single one is not copied."""
        chunks = [self._waiting.popleft()]
        size = len(chunks[0])
        while self._waiting and size + len(self._waiting[0]) <= WRITTEN_AT_ONCE:
            chunks.append(self._waiting.popleft())
            size += len(chunks[-1])
        self._size -= size
        return chunks[0] if len(chunks) == 1 else b"".join(chunks)

    async def _leave(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self.cut()
