"""One write to the network for the head and the body of an answer.

uvicorn writes them apart and uvloop hands each to the system at once. A write costs as much as
anything else in a short answer: with one, ``/health`` takes a fifth less (``docs/performance.md``).
"""

import asyncio


class JoinedWrites:
    """The transport of one connection as an answer is written to it. What is written first waits
    for what is written next, but not longer than this turn of the event loop: the head of a stream
    whose first event is an hour away leaves at once."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._held = b""

    def write(self, data: bytes) -> None:
        if self._held:
            data, self._held = self._held + data, b""
            self._transport.write(data)
        elif data:
            self._held = data
            self._loop.call_soon(self.flush)

    def flush(self) -> None:
        if self._held:
            data, self._held = self._held, b""
            self._transport.write(data)

    def close(self) -> None:
        self.flush()
        self._transport.close()

    def is_closing(self) -> bool:
        return self._transport.is_closing()
