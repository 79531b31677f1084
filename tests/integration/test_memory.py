"""What the processes take of the machine; docs/performance.md says what of it is what."""

from koinonia.devkit import status
from koinonia.devkit.layout import SERVICES
from koinonia.devkit.system import System

MEGABYTE = 1_000_000
AT_START = 120 * MEGABYTE
TOGETHER = 1_000 * MEGABYTE


async def test_no_process_takes_more_than_its_bound_after_its_start(
    system: System, memory_at_start: dict[str, int]
) -> None:
    assert memory_at_start.keys() == set(SERVICES)
    assert {name for name, size in memory_at_start.items() if size > AT_START} == set()


async def test_all_processes_together_stay_below_theirs_whatever_was_asked_of_them(
    system: System,
) -> None:
    assert sum(status.shares(system).values()) < TOGETHER
