"""``make soak ARGS="carrier --seeds N --start K"``: as many seeds as you have time for."""

import signal
import time
from collections.abc import Iterator
from typing import Annotated

import typer
import uvloop

from koinonia.common.testing.databases import Cluster
from koinonia.common.testing.servers import Servers
from koinonia.common.testing.servers.temporary import temporary_servers

from .playing import Played, play, stage
from .seeds import Seed

TOGETHER = 200  # seeds on one system; it is small churches that are many


def main(
    seeds: Annotated[int, typer.Option(help="How many.", min=1)] = 2000,
    start: Annotated[int, typer.Option(help="The first.", min=0)] = 1000,
) -> None:
    """Let churches text through a hostile carrier and check every promise after each."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores it
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    with temporary_servers() as servers:
        failed = uvloop.run(_soak(servers, range(start, start + seeds)))
    for number in failed:
        print(f"Repeat it: make soak ARGS='carrier --seeds 1 --start {number}'")
    raise typer.Exit(bool(failed))


async def _soak(servers: Servers, numbers: range) -> list[int]:
    """The seeds that failed."""
    failed: list[int] = []
    began = time.monotonic()
    async with Cluster.opened(servers.database_url) as cluster:
        for wave in _waves(numbers):
            async with stage(cluster, servers.rabbitmq_url, servers.redis_url) as system:
                played = await play(system, list(map(Seed, wave)))
            failed += _told(wave, played)
    print(f"{len(numbers)} seeds, {len(failed)} failed, {time.monotonic() - began:.0f} s.")
    return failed


def _waves(numbers: range) -> Iterator[range]:
    for first in range(numbers.start, numbers.stop, TOGETHER):
        yield range(first, min(first + TOGETHER, numbers.stop))


def _told(wave: range, played: Played) -> list[int]:
    """Print what happened; the seeds that failed."""
    failed = [number for number, wrong in played.wrong.items() if wrong]
    verdict = f"{len(failed)} failed" if failed else "all well"
    print(
        f"Seeds {wave.start} to {wave.stop - 1}: {verdict}, "
        f"{played.texts} texts, {played.seconds:.1f} s",
        flush=True,
    )
    for number in failed:
        print(f"  seed {number}", *played.wrong[number], sep="\n    ")
    for queue in played.buried:
        print(f"  buried: {queue}")
    return failed or ([wave.start] if played.buried else [])


if __name__ == "__main__":
    typer.run(main)
