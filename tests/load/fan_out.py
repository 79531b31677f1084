"""How long it takes to place a message: from POST until all its rows and batches are committed.

Nobody approves it meanwhile (billing is stopped), so placing is all that happens. The floor inserts
the very same rows once more, by one statement of the database alone.
"""

import statistics
import time
from typing import Any
from uuid import UUID

import asyncpg
from tests.load.congregation import Congregation
from tests.load.figures import Figure, Floor, Section, Spoiled
from tests.load.system import connected

from koinonia.common import db
from koinonia.devkit.system import System

ROUNDS = {1_000: 5, 10_000: 3, 100_000: 2}  # by recipients
APPROVES = "billing"
TABLES = {
    "message_recipients": "message_id",
    "dispatch_batches": "message_id",
    "open_messages": "message_id",
    "messages": "id",
}


async def measure(system: System, church: Congregation) -> Section:
    """``church`` has a group of each size in ``ROUNDS``."""
    async with connected(system.environment.database_url) as owner:
        await owner.execute("ANALYZE")
        system.stop([APPROVES])
        try:
            placed = {size: await _placed(owner, church, size) for size in ROUNDS}
        finally:
            system.start_part(APPROVES)
            system.wait_until_ready([APPROVES])
    figures = [
        Figure(f"{size:,} recipients", 1000 * took, "ms", [Floor("the same rows again", floor)])
        for size, (took, floor) in placed.items()
    ]
    per_thousand = ", ".join(
        f"{1e6 * took / size:.0f} ms at {size:,}" for size, (took, _) in placed.items()
    )
    return Section(
        "Fan-out: POST to all rows and batches committed",
        figures,
        [f"A thousand recipients take {per_thousand}."],
    )


async def _placed(
    owner: "asyncpg.Connection[Any]", church: Congregation, size: int
) -> tuple[float, float]:
    """Seconds of ours, milliseconds of the floor: medians."""
    ours, floors = [], []
    for number in range(ROUNDS[size]):
        began = time.perf_counter()
        message = await church.send(size, f"Number {number}: service on Sunday begins at ten.")
        ours.append(time.perf_counter() - began)
        await _check(owner, message, size)
        floors.append(1000 * await _again(owner, message, size))
        await forget(owner, message)
    return statistics.median(ours), statistics.median(floors)


async def _check(owner: "asyncpg.Connection[Any]", message: UUID, size: int) -> None:
    rows = await owner.fetchval(
        "SELECT count(*) FROM messaging.message_recipients WHERE message_id = $1", message
    )
    batches = await owner.fetchval(
        "SELECT count(*) FROM messaging.dispatch_batches WHERE message_id = $1", message
    )
    if rows != size or not batches:
        raise Spoiled(f"After the answer there were {rows:,} rows and {batches:,} batches.")


async def _again(owner: "asyncpg.Connection[Any]", message: UUID, size: int) -> float:
    """Insert the rows of the message under another one, and take them away again."""
    columns = await owner.fetch(
        """
        SELECT column_name AS name FROM information_schema.columns
         WHERE table_schema = 'messaging' AND table_name = 'message_recipients'
        """
    )
    names = [row["name"] for row in columns]
    fresh = {"id": "gen_random_uuid()", "message_id": "$2"}
    twin = db.uuid7()
    began = time.perf_counter()
    done = await owner.execute(
        f"""
        INSERT INTO messaging.message_recipients ({", ".join(names)})
        SELECT {", ".join(fresh.get(name, name) for name in names)}
          FROM messaging.message_recipients WHERE message_id = $1
        """,
        message,
        twin,
    )
    took = time.perf_counter() - began
    await forget(owner, twin)
    if done != f"INSERT 0 {size}":
        raise Spoiled(f"The floor of a fan-out wrote other rows than ours: {done}")
    return took


async def forget(owner: "asyncpg.Connection[Any]", message: UUID) -> None:
    """Cancelling would take its time as well, and is not what is measured."""
    for table, column in TABLES.items():
        await owner.execute(f"DELETE FROM messaging.{table} WHERE {column} = $1", message)
