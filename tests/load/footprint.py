"""How soon a system is there, and how much memory it takes."""

import time
from dataclasses import dataclass
from pathlib import Path

from tests.load import bare
from tests.load.bare import Bare
from tests.load.figures import Figure, Floor, Section
from tests.load.system import Ground

from koinonia.devkit import status
from koinonia.devkit.system import System


def started(ground: Ground, system: System) -> Section:
    """Starts the system on an empty database."""
    began = time.perf_counter()
    system.start()
    took = time.perf_counter() - began
    count = len(system.environment.parts)
    floor = Floor(f"{count} bare applications", _bare_start(ground.folder, count))
    figures = [
        Figure("migrations and processes", took, "s", [floor]),
        Figure("servers", ground.servers_took, "s"),
        Figure("`make up` in all", took + ground.servers_took, "s"),
    ]
    how = ", ".join(f"{one.name} {one.how}" for one in ground.servers.describe())
    return Section("Starting", figures, [f"Servers: {how}."])


def _bare_start(folder: Path, count: int) -> float:
    began = time.perf_counter()
    with bare.running(folder, count):
        return time.perf_counter() - began


@dataclass(frozen=True, slots=True)
class Memory:
    """Megabytes of one part. ``share`` has its share of what parts have in common."""

    resident: float
    share: float


def taken(system: System) -> dict[str, Memory]:
    """What each part takes now."""
    parts = {name: system.running(name) for name in system.environment.parts}
    return {
        name: Memory(status.memory(part.pid) / 1e6, status.share(part.pid) / 1e6)
        for name, part in parts.items()
        if part
    }


def memory(at_rest: dict[str, Memory], after: dict[str, Memory], alone: Bare) -> Section:
    """What each part takes after the load; ``at_rest`` is from before it."""
    floor = Floor("a bare application", status.memory(alone.process.pid) / 1e6)
    figures = [
        Figure(f"{name} ({at_rest[name].resident:.0f} MB at rest)", now.resident, "MB", [floor])
        for name, now in after.items()
    ]
    return Section("Memory after the load (resident)", figures, [_sums(at_rest, after)])


def _sums(*moments: dict[str, Memory]) -> str:
    residents = [sum(part.resident for part in parts.values()) for parts in moments]
    shares = [sum(part.share for part in parts.values()) for parts in moments]
    return (
        f"All parts: {residents[0]:.0f} MB at rest, {residents[1]:.0f} after; "
        f"what they share counted once: {shares[0]:.0f} and {shares[1]:.0f}."
    )
