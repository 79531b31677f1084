"""What runs where, as a table."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from rich.console import Console
from rich.table import Table

from koinonia.devkit.home import Home
from koinonia.devkit.layout import SERVICES
from koinonia.devkit.system import Part


def show(console: Console, here: Home) -> bool:
    """Print the table; True when everything that should run is ready."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("part", "state", "address", "pid", "memory", "up for"):
        table.add_column(heading, justify="right" if heading in ("pid", "memory") else "left")
    good = _add_servers(table, here) & _add_parts(table, here)
    console.print(table)
    return good


def memory(pid: int) -> int:
    """Resident bytes of a process; 0 where the system does not tell."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _add_servers(table: Table, here: Home) -> bool:
    rows = here.servers.describe()
    for row in rows:
        state = "[green]running[/]" if row.running else "[red]stopped[/]"
        pid = str(row.pid) if row.pid else ""
        table.add_row(row.name, f"{state} ({row.how})", row.url, pid, _size(row.pid), "")
    return all(row.running for row in rows)


def _add_parts(table: Table, here: Home) -> bool:
    names = here.system.environment.parts
    parts = {name: here.system.running(name) for name in names}
    with ThreadPoolExecutor(len(names)) as pool:
        ready = dict(zip(names, pool.map(lambda name: _ready(parts[name]), names), strict=True))
    for name in names:
        part = parts[name]
        state = "[green]ready[/]" if ready[name] else "[yellow]starting[/]"
        if part is None:
            table.add_row(name, "[red]stopped[/]", here.system.environment.url(name))
        else:
            since = _since(here.system.folder / "parts" / f"{name}.json")
            table.add_row(name, state, part.url, str(part.pid), _size(part.pid), since)
    return all(ready[name] for name in SERVICES)


def _ready(part: Part | None) -> bool:
    return part is not None and part.is_ready()


def _size(pid: int | None) -> str:
    return f"{memory(pid) / 1_000_000:.0f} MB" if pid and memory(pid) else ""


def _since(record: Path) -> str:
    seconds = int(time.time() - record.stat().st_mtime)
    hours, minutes = divmod(seconds // 60, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {seconds % 60} s"
