"""What keeps a process small: imports without their ornaments, and memory that goes back.

Measured in docs/performance.md, *Memory*.
"""

import ctypes
import gc
import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager

ORNAMENTS = ("rich", "pygments")
"""What libraries import, where it is there, for coloured tracebacks and commands of their own."""
WITH_ORNAMENTS = ("structlog", "httpx")

GARBAGE = 20_000  # objects more than before begin a round; Python's own figure is 700

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8  # of glibc's mallopt
BLOCK = 1024 * 1024  # bytes
ARENAS = 2


def import_plainly() -> None:
    """Import the libraries that would bring ornaments along, without them: 4 MB of each process
    for what nobody sees there. Who wants the ornaments imports them as ever."""
    with _hidden(ORNAMENTS):
        for name in WITH_ORNAMENTS:
            importlib.import_module(name)


@contextmanager
def _hidden(names: tuple[str, ...]) -> Iterator[None]:
    """Whoever imports ``names`` meanwhile finds that they are not installed."""
    absent = [name for name in names if name not in sys.modules]
    for name in absent:
        sys.modules[name] = None  # type: ignore[assignment] # as the import system documents it
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]


def give_back() -> None:
    """Let large blocks go back to the system as soon as they are free.

    glibc learns from the first large block that it frees to keep the next ones: the 19 MB of a
    password's hash stayed in a process from the first login on. And it makes an arena for each
    thread, with room of its own. Where there is no glibc, nothing happens.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        for setting, value in (
            (_MMAP_THRESHOLD, BLOCK),
            (_TRIM_THRESHOLD, BLOCK),
            (_ARENA_MAX, ARENAS),
        ):
            mallopt(setting, value)


def collect_rarely() -> None:
    """Leave what was imported out of the garbage collector's rounds, and begin them less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE, 20, 20)
