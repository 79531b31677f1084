"""The status of all parts, as a table."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from rich.console import Console
from rich.table import Table

from koinonia.devkit.home import Home
from koinonia.devkit.layout import SERVICES
from koinonia.devkit.system import Part, System


def show(console: Console, here: Home) -> bool:
    """Print the table; True when everything that should run is ready."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("part", "state", "address", "pid", "memory", "up for"):
        justify: Literal["left", "right"] = "right" if heading in ("pid", "memory") else "left"
        table.add_column(heading, justify=justify, no_wrap=True)
    good = _add_servers(table, here) & _add_parts(table, here)
    console.print(table)
    return good


def memory(pid: int) -> int:
    """Resident bytes of a process; 0 where the system does not tell. What it shares with others,
    such as the code of libraries, is counted for each of them: see :func:`share`."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def share(pid: int) -> int:
    """The same with a share of what several processes have in common, so that sums are right
    (the system's ``Pss``)."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return 1024 * int(rollup.partition("\nPss:")[2].split()[0])


def shares(system: System) -> dict[str, int]:
    """The :func:`share` of each running service."""
    parts = {name: system.running(name) for name in SERVICES}
    return {name: share(part.pid) for name, part in parts.items() if part}


def age(pid: int) -> float | None:
    """Seconds since a process began; None where the system does not tell."""
    try:
        return max(0.0, time.time() - Path(f"/proc/{pid}").stat().st_ctime)
    except OSError:
        return None


def _add_servers(table: Table, here: Home) -> bool:
    rows = here.servers.describe()
    for row in rows:
        state = f"[green]running[/] ({row.how})" if row.running else f"[red]stopped[/] ({row.how})"
        address = urlsplit(row.url).netloc.rpartition("@")[2]
        table.add_row(row.name, state, address, *_vitals(row.pid))
    return all(row.running for row in rows)


def _add_parts(table: Table, here: Home) -> bool:
    system = here.system
    names = system.environment.parts
    parts = {name: system.running(name) for name in names}
    with ThreadPoolExecutor(len(names)) as pool:
        ready = dict(zip(names, pool.map(lambda name: _ready(parts[name]), names), strict=True))
    for name in names:
        part = parts[name]
        state = "[green]ready[/]" if ready[name] else "[yellow]not ready[/]"
        if part is None:
            state = "[red]stopped[/]"
        address = part.url if part else system.environment.url(name)
        table.add_row(name, state, address, *_vitals(part.pid if part else None))
    return all(ready[name] for name in SERVICES)


def _ready(part: Part | None) -> bool:
    return part is not None and part.is_ready()


def _vitals(pid: int | None) -> tuple[str, str, str]:
    """Pid, memory and age of a process, as far as there is one and the system tells."""
    if not pid:
        return "", "", ""
    used, seconds = memory(pid), age(pid)
    return str(pid), f"{used / 1_000_000:.0f} MB" if used else "", _duration(seconds)


def _duration(seconds: float | None) -> str:
    if seconds is None:
        return ""
    hours, minutes = divmod(int(seconds) // 60, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {int(seconds) % 60} s" if minutes else f"{int(seconds)} s"
