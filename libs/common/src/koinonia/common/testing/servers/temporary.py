"""Servers that live as long as one process, and no longer.

They end with the process in any orderly way, Ctrl-C and SIGTERM included. What a killed process
left behind is found and ended by the next, because the folder's name says whose it was.
"""

import atexit
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from koinonia.common.testing.servers import discovery
from koinonia.common.testing.servers.group import Servers, start_servers
from koinonia.common.testing.servers.process import born

_PREFIX = "koinonia-run-"
_ANY = f"{_PREFIX}*"
_MEMORY = Path("/dev/shm")  # noqa: S108 - ours below it is 0711, and each server's own 0700
_PLENTY = 4_000_000_000  # bytes; a whole run takes less than one


@contextmanager
def temporary_servers(
    environ: Mapping[str, str] = os.environ, *, durable: bool = False
) -> Iterator[Servers]:
    """The three servers, ended and removed when the block ends; a process may have several threes.

    ``durable`` has them wait for the disk as those of ``make up`` do, which is what counts when
    time is measured.
    """
    with temporary_folder(on_disk=durable) as folder:
        yield start_servers(folder, durable=durable, environ=environ)


@contextmanager
def temporary_folder(*, on_disk: bool = False) -> Iterator[Path]:
    """A folder of this process; when the block ends, so do the servers that were started in it.

    It is in memory where there is plenty, unless ``TMPDIR`` names a place: a database that is made
    for each test is hundreds of small files, and a disk's file system takes most of the time that
    making it takes.
    """
    sweep()
    place = _MEMORY if not on_disk and _may_use_memory() else None
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{_mark(os.getpid())}-", dir=place))
    folder.chmod(0o711)  # PostgreSQL may run as another user below it
    end = partial(discovery.discard, folder)
    atexit.register(end)  # for a second Ctrl-C while the block is being left
    try:
        yield folder
    finally:
        end()
        atexit.unregister(end)


def sweep() -> None:
    """End and remove what was left by processes that are gone."""
    for folder in (*Path(tempfile.gettempdir()).glob(_ANY), *_MEMORY.glob(_ANY)):
        mark = folder.name.removeprefix(_PREFIX).rpartition("-")[0]
        ours = folder.stat().st_uid == os.geteuid()
        if ours and mark != _mark(int(mark.partition("-")[0])):
            discovery.discard(folder)


def _may_use_memory() -> bool:
    if "TMPDIR" in os.environ or not os.access(_MEMORY, os.W_OK | os.X_OK):
        return False
    available = re.search(r"MemAvailable:\s+(\d+) kB", Path("/proc/meminfo").read_text())
    memory = int(available[1]) * 1024 if available else 0
    return min(shutil.disk_usage(_MEMORY).free, memory) > _PLENTY


def _mark(pid: int) -> str:
    """The pid and when it began, for a file name."""
    return f"{pid}-{re.sub(r'[^0-9A-Za-z]', '', born(pid) or 'ended')}"
