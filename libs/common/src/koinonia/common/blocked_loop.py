"""Who holds the event loop: a thread that sees it stand still and says what was running.

One step of one request or reaction that computes for long delays everybody in the process. The loop
leaves a sign of life ten times a second; when it fails to, the thread reads what the loop's thread
is doing and logs it when the loop goes on: ``loop.blocked`` with the route (or ``-``), the
innermost function of ours, the milliseconds, and those of them in which the loop's thread had a
processor. Of values only the template of the route is read, so no text reaches the log. A request
pays nothing for it: the thread finds the request on the stack.
"""

import asyncio
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import CodeType, FrameType
from typing import Any, TypeVar

import structlog

from koinonia.common import telemetry

log = structlog.get_logger()

LIMIT_SECONDS = 0.1
BEAT_SECONDS = 0.05
OURS = "/koinonia/"

Answer = TypeVar("Answer", bound=Callable[..., Any])  # Any: a function of whatever parameters

_blocked = telemetry.histogram("koinonia_loop_blocked_seconds")
_answering: set[CodeType] = set()


def answering(function: Answer) -> Answer:
    """Mark a coroutine function that answers requests, each in its parameter ``scope``."""
    _answering.add(function.__code__)
    return function


@contextmanager
def watched(loop: asyncio.AbstractEventLoop, limit: float = LIMIT_SECONDS) -> Iterator[None]:
    """Watch ``loop``, which runs in this thread, until the block ends."""
    watch = _Watch(loop, threading.get_ident(), limit)
    thread = threading.Thread(target=watch.run, name="loop-watch", daemon=True)
    thread.start()
    try:
        yield
    finally:
        watch.stop.set()
        thread.join(timeout=1)


class _Watch:
    def __init__(self, loop: asyncio.AbstractEventLoop, thread: int, limit: float) -> None:
        self._loop, self._thread, self._limit = loop, thread, limit
        self._clock = time.pthread_getcpuclockid(thread)
        self._alive = threading.Event()
        self.stop = threading.Event()

    def run(self) -> None:
        while not self.stop.wait(BEAT_SECONDS):
            self._alive.clear()
            began, computed = time.monotonic(), self._computed()
            try:
                self._loop.call_soon_threadsafe(self._alive.set)
            except RuntimeError:  # the loop is closed
                return
            if self._alive.wait(self._limit):
                continue
            route, function = _who(sys._current_frames().get(self._thread))
            while not self._alive.wait(BEAT_SECONDS) and not self.stop.is_set():
                pass
            seconds = time.monotonic() - began
            _blocked.record(seconds, {"route": route})
            log.warning(
                "loop.blocked",
                route=route,
                function=function,
                ms=round(seconds * 1000),
                processor_ms=round((self._computed() - computed) * 1000),
            )

    def _computed(self) -> float:
        """Seconds for which the loop's thread has had a processor."""
        return time.clock_gettime(self._clock)


def _who(frame: FrameType | None) -> tuple[str, str]:
    """The route that is being answered, and the innermost function of ours."""
    function = "-"
    while frame is not None:
        code = frame.f_code
        if function == "-" and OURS in code.co_filename:
            module = code.co_filename.rpartition(OURS)[2].removesuffix(".py").replace("/", ".")
            function = f"{module}.{code.co_qualname}"
        if code in _answering:
            return _route(frame.f_locals.get("scope")), function
        frame = frame.f_back
    return "-", function


def _route(scope: object) -> str:
    route = scope.get("route") if isinstance(scope, dict) else None
    return str(getattr(route, "path", "-"))
