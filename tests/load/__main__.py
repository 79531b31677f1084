"""``make bench``: the main paths, each beside a floor measured in the same run.

``python -m tests.load --only broker --only send --seconds 2`` measures less. Everything it starts
it ends, and all traffic stays on this machine.
"""

import sys
import time
from collections.abc import Collection
from contextlib import AsyncExitStack
from typing import Annotated

import typer
import uvloop
from rich.status import Status
from tests.load import (
    bare,
    broker,
    church,
    cold_reads,
    counting,
    footprint,
    paths,
    reads,
    sending,
    signing_in,
    system,
)
from tests.load.bare import Bare
from tests.load.figures import Spoiled
from tests.load.report import console, show, warn_if_busy
from tests.load.system import Ground

from koinonia.common import logging
from koinonia.common.testing.servers import ServerError
from koinonia.devkit.system import NotStarted, System

BROKER, LOGIN, SEND, SEGMENTS, COLD = "broker", "login", "send", "segments", "cold"
STAFF = (*reads.READS, COLD, LOGIN, SEND)  # what staff of a middling church wait for
ALONE = {BROKER, SEGMENTS}  # without the system
SUBJECTS = (SEGMENTS, BROKER, *STAFF, *paths.PATHS)


def main(
    only: Annotated[list[str] | None, typer.Option(help=f"of: {', '.join(SUBJECTS)}")] = None,
    seconds: Annotated[float, typer.Option(min=0.5, max=30, help="how long each load lasts")] = 4,
    whole: Annotated[bool, typer.Option(help="send the 100,000 to the last one")] = False,
) -> None:
    """Measure, and print each figure beside its floor."""
    if unknown := set(only or ()) - set(SUBJECTS):
        raise typer.BadParameter(f"{', '.join(unknown)}; there are: {', '.join(SUBJECTS)}")
    began = time.perf_counter()
    system.end_on_sigterm()
    logging.configure("bench", "ERROR", "console")
    warn_if_busy()
    try:
        with console.status("Starting servers ...") as status:
            uvloop.run(_run(only or SUBJECTS, seconds, whole, status))
    except (Spoiled, NotStarted, ServerError) as problem:
        print(problem, file=sys.stderr)
        raise typer.Exit(1) from None
    console.print(f"Measured in {time.perf_counter() - began:.0f} s.")


async def _run(wanted: Collection[str], seconds: float, whole: bool, status: Status) -> None:
    if SEGMENTS in wanted:
        status.update("Counting parts ...")
        show(counting.measure())
    if not set(wanted) - {SEGMENTS}:
        return
    async with system.opened(seconds) as ground:
        if BROKER in wanted:
            status.update("Measuring the bus ...")
            show(await broker.measure(ground))
        if set(wanted) - ALONE:
            with bare.running(ground.folder, 1) as [alone]:
                await _system(ground, alone, wanted, whole, status)


async def _system(
    ground: Ground, alone: Bare, wanted: Collection[str], whole: bool, status: Status
) -> None:
    async with ground.system() as running:
        status.update("Starting the system ...")
        show(footprint.started(ground, running))
        at_rest = footprint.taken(running)
        if set(wanted) & set(STAFF):
            await _staff(ground, running, alone, wanted, status)
        async with AsyncExitStack() as stack:
            place = paths.Place(ground, running, alone, whole, stack)
            for path in (paths.PATHS[name] for name in wanted if name in paths.PATHS):
                status.update(path.doing)
                for section in await path.measure(place):
                    show(section)
        show(footprint.memory(at_rest, footprint.taken(running), alone))


async def _staff(
    ground: Ground, running: System, alone: Bare, wanted: Collection[str], status: Status
) -> None:
    status.update("Founding a church ...")
    founded = await church.founded(running)
    if names := [name for name in reads.READS if name in wanted]:
        status.update("Measuring reads ...")
        show(await reads.measure(ground, running, founded, alone, names))
    if COLD in wanted:
        status.update("Measuring reads that nobody keeps ...")
        show(await cold_reads.measure(ground, running, founded, alone))
    if LOGIN in wanted:
        status.update("Measuring logins ...")
        show(await signing_in.measure(ground, running))
    if SEND in wanted:
        status.update("Sending to 500 ...")
        show(await sending.measure(running, founded, alone))


if __name__ == "__main__":
    typer.run(main)
