"""Processor time by process: unlike a rate, it hardly depends on who else uses the machine."""

import asyncio
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.load.system import connected

from koinonia.devkit.system import System

_TICKS = os.sysconf("SC_CLK_TCK")
_BACKENDS = "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
POSTGRES = "PostgreSQL"
LEAST_MS = 0.02


@dataclass(frozen=True, slots=True)
class Used:
    """Seconds since each process began, by (part, pid)."""

    seconds: Mapping[tuple[str, int], float]

    def since(self, before: "Used") -> dict[str, float]:
        """Seconds of each part in between. A process that ended meanwhile is left out."""
        spent: dict[str, float] = {}
        for (part, pid), now in self.seconds.items():
            earlier = before.seconds.get((part, pid), 0.0)
            spent[part] = spent.get(part, 0.0) + now - earlier
        return spent


def shares(spent: Mapping[str, float], count: int) -> str:
    """Milliseconds of each part for one of ``count`` things, those of note, and their sum."""
    each = {part: 1000 * seconds / count for part, seconds in spent.items()}
    named = " + ".join(f"{part} {ms:.2f}" for part, ms in each.items() if ms >= LEAST_MS)
    return f"{named} = {sum(each.values()):.2f} ms"


async def used(system: System) -> Used:
    """Of the parts, and of PostgreSQL's processes for the system where they run here."""
    parts = {name: system.running(name) for name in system.environment.parts}
    pids = [(name, part.pid) for name, part in parts.items() if part]
    async with connected(system.environment.database_url) as owner:
        pids += [(POSTGRES, row["pid"]) for row in await owner.fetch(_BACKENDS)]
    return Used({(name, pid): seconds(pid) for name, pid in pids})


async def idling(system: System, seconds: float) -> dict[str, float]:
    """What each part takes of a core while nothing is asked of it for ``seconds``."""
    before = await used(system)
    await asyncio.sleep(seconds)
    spent = (await used(system)).since(before)
    return {part: each / seconds for part, each in spent.items()}


def seconds(pid: int) -> float:
    """User and system time of one process; 0 where the machine does not tell."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICKS
