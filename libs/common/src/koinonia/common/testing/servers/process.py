"""Processes that outlive the one that started them.

A process is known by its pid and the moment it was born, so that a pid which the system has given
to somebody else meanwhile is never signalled.
"""

import os
import re
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_CONTROL = re.compile(r"\x1b\[[0-9;]*m")
_children: dict[int, "subprocess.Popen[bytes]"] = {}  # polled, so that none stays a zombie


@dataclass(frozen=True)
class Process:
    """One operating system process."""

    pid: int
    born: str

    def alive(self) -> bool:
        child = _children.get(self.pid)
        if child and child.poll() is not None:
            del _children[self.pid]
        return born(self.pid) == self.born

    def result(self, within: float) -> int | None:
        """The exit code of a child of this process; None when it had to be killed."""
        try:
            return _children[self.pid].wait(within)
        except subprocess.TimeoutExpired:
            self.end(signal.SIGKILL, 5)
            return None

    def end(self, sign: signal.Signals, within: float) -> None:
        """Send ``sign``, wait ``within`` seconds, then kill; its children end with it."""
        if not self.alive():  # and whoever has its pid now has children of their own
            return
        family = [self, *_descendants(self)]
        _send(self, sign)
        if not _gone([self], within):
            _send(self, signal.SIGKILL)
        if not _gone(family, 5):
            for member in family:
                _send(member, signal.SIGKILL)
            _gone(family, 5)


def spawn(
    args: Sequence[str],
    *,
    log: Path,
    env: Mapping[str, str],
    cwd: Path,
    owner: tuple[int, int] | None = None,
) -> Process:
    """Start ``args`` in a session of its own (Ctrl-C at the terminal does not reach it).

    ``owner`` is the (user id, group id) to run as; both its streams are appended to ``log``.
    """
    user, group = owner or (None, None)
    with log.open("ab") as output:
        child = subprocess.Popen(  # noqa: S603 - our own argument lists, no shell
            list(args),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=dict(env),
            cwd=cwd,
            start_new_session=True,
            user=user,
            group=group,
            extra_groups=[] if owner else None,
        )
    _children[child.pid] = child
    return Process(child.pid, born(child.pid) or "ended")


def tail(log: Path, lines: int = 15) -> str:
    """The last lines of a log without its colours."""
    if not log.exists():
        return "(no log was written)"
    text = _CONTROL.sub("", log.read_bytes()[-20_000:].decode(errors="replace"))
    return "\n".join(text.splitlines()[-lines:])


def _send(process: Process, sign: signal.Signals) -> None:
    if process.alive():
        try:
            os.kill(process.pid, sign)
        except ProcessLookupError:
            return


def _gone(family: Sequence[Process], within: float) -> bool:
    deadline = time.monotonic() + within
    while any(member.alive() for member in family):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def born(pid: int) -> str | None:
    """When ``pid`` began; None when it has ended, a zombie included."""
    if not _PROC.joinpath("self/stat").exists():
        return _by_ps(pid)
    try:
        fields = _stat(pid)
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] in "ZX" else fields[19]


def _by_ps(pid: int) -> str | None:
    command = ["ps", "-o", "stat=,lstart=", "-p", str(pid)]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)  # noqa: S603
    state, _, begun = answer.stdout.strip().partition(" ")
    return begun.strip() if state and not state.startswith("Z") else None


def _stat(pid: int) -> list[str]:
    """The fields of /proc/<pid>/stat from the third on; the second may hold spaces and brackets."""
    return (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()


def _descendants(process: Process) -> list[Process]:
    parents = _parents()
    found = [process.pid]
    for parent in found:
        found.extend(pid for pid, ppid in parents.items() if ppid == parent)
    return [Process(pid, begun) for pid in found[1:] if (begun := born(pid))]


def _parents() -> dict[int, int]:
    if not _PROC.joinpath("self/stat").exists():
        listing = subprocess.run(
            ["ps", "-A", "-o", "pid=,ppid="],  # noqa: S607 - wherever the system keeps it
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        )
        return {int(pid): int(ppid) for pid, ppid in map(str.split, listing.stdout.splitlines())}
    parents = {}
    for entry in _PROC.iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int(_stat(int(entry.name))[1])
            except (FileNotFoundError, ProcessLookupError):
                continue
    return parents
