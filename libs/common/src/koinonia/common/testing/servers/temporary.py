"""Servers that live as long as one process, and no longer.

They end with the process in any orderly way, Ctrl-C and SIGTERM included. What a killed process
left behind is found and ended by the next, because the folder's name says whose it was.
"""

import atexit
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from koinonia.common.testing.servers import finding
from koinonia.common.testing.servers.group import Servers, start_servers
from koinonia.common.testing.servers.process import born

_PREFIX = "koinonia-run-"


@contextmanager
def temporary_servers(
    environ: Mapping[str, str] = os.environ, *, durable: bool = False
) -> Iterator[Servers]:
    """The three servers, ended and removed when the block ends; a process may have several threes.

    ``durable`` has them wait for the disk as those of ``make up`` do, which is what counts when
    time is measured.
    """
    with temporary_folder() as folder:
        yield start_servers(folder, durable=durable, environ=environ)


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A folder of this process; when the block ends, so do the servers that were started in it."""
    sweep()
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{_mark(os.getpid())}-"))
    folder.chmod(0o711)  # PostgreSQL may run as another user below it
    end = partial(finding.discard, folder)
    atexit.register(end)  # for a second Ctrl-C while the block is being left
    try:
        yield folder
    finally:
        end()
        atexit.unregister(end)


def sweep() -> None:
    """End and remove what was left by processes that are gone."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        mark = folder.name.removeprefix(_PREFIX).rpartition("-")[0]
        ours = folder.stat().st_uid == os.geteuid()
        if ours and mark != _mark(int(mark.partition("-")[0])):
            finding.discard(folder)


def _mark(pid: int) -> str:
    """The pid and when it began, for a file name."""
    return f"{pid}-{re.sub(r'[^0-9A-Za-z]', '', born(pid) or 'ended')}"
