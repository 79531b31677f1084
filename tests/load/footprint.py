"""How soon a system is there, and how much memory it takes."""

import time
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


def resident(system: System) -> dict[str, float]:
    """Megabytes of each part."""
    parts = {name: system.running(name) for name in system.environment.parts}
    return {name: status.memory(part.pid) / 1e6 for name, part in parts.items() if part}


def memory(at_rest: dict[str, float], after: dict[str, float], alone: Bare) -> Section:
    """What each part takes after the load; ``at_rest`` is from before it."""
    floor = Floor("a bare application", status.memory(alone.process.pid) / 1e6)
    figures = [
        Figure(f"{name} ({at_rest[name]:.0f} MB at rest)", size, "MB", [floor])
        for name, size in after.items()
    ]
    total = f"All parts: {sum(at_rest.values()):.0f} MB at rest, {sum(after.values()):.0f} after."
    return Section("Memory after the load (resident)", figures, [total])
