"""Who holds the event loop: a thread that sees it stand still and says what was running.

One step of one request or reaction that computes for long delays everybody in the process. The loop
leaves a sign of life twenty times a second; when it fails to, the thread reads what the loop's
thread is doing and logs it when the loop goes on: ``loop.blocked`` with the route (or ``-``), the
innermost function of ours, and the milliseconds. No values are read, so no text reaches the log.
"""

import asyncio
import sys
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import structlog
from starlette.types import Scope

from koinonia.common import telemetry

log = structlog.get_logger()

LIMIT_SECONDS = 0.1
BEAT_SECONDS = 0.05
OURS = "/koinonia/"

_blocked = telemetry.histogram("koinonia_loop_blocked_seconds")
_scopes: "weakref.WeakKeyDictionary[asyncio.Task[object], Scope]" = weakref.WeakKeyDictionary()


def answering(scope: Scope) -> None:
    """The current task answers this request; its route is asked for only when it blocks."""
    if (task := asyncio.current_task()) is not None:
        _scopes[task] = scope


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
        self._alive = threading.Event()
        self.stop = threading.Event()

    def run(self) -> None:
        while not self.stop.wait(BEAT_SECONDS):
            self._alive.clear()
            began = time.monotonic()
            try:
                self._loop.call_soon_threadsafe(self._alive.set)
            except RuntimeError:  # the loop is closed
                return
            if self._alive.wait(self._limit):
                continue
            route, function = self._who()
            while not self._alive.wait(BEAT_SECONDS) and not self.stop.is_set():
                pass
            seconds = time.monotonic() - began
            _blocked.record(seconds, {"route": route})
            log.warning("loop.blocked", route=route, function=function, ms=round(seconds * 1000))

    def _who(self) -> tuple[str, str]:
        """The route that is being answered, and the innermost function of ours."""
        task = asyncio.current_task(self._loop)
        scope = _scopes.get(task) if task is not None else None
        route = str(getattr(scope.get("route"), "path", "-")) if scope else "-"
        return route, _function(sys._current_frames().get(self._thread))


def _function(frame: FrameType | None) -> str:
    while frame is not None:
        code = frame.f_code
        if OURS in code.co_filename:
            module = code.co_filename.rpartition(OURS)[2].removesuffix(".py").replace("/", ".")
            return f"{module}.{code.co_qualname}"
        frame = frame.f_back
    return "-"
