"""How fast schedules that are due at one instant become messages, from then on until none is due.

Each is of one recipient, so that it is the scheduler that is measured. Nobody approves the messages
meanwhile (billing is stopped). The floor inserts the very same rows once more, one after another in
as large transactions on as many connections, and moves the same schedules on.
"""

import asyncio
import time
from typing import Any
from uuid import UUID

import asyncpg
from tests.load import congregation, processor
from tests.load.congregation import Congregation
from tests.load.figures import Figure, Floor, Section, Spoiled
from tests.load.system import connected

from koinonia.common import clock, db
from koinonia.devkit.system import System
from koinonia.messaging.schedules import due_schedules

DUE = 10_000
REPEATED = 1_000  # rows of each table, by the floor
APPROVES = "billing"
LOOK_EVERY = 0.1
PATIENCE = 900.0
TABLES = {
    "messages": {"id": "$2"},
    "message_recipients": {"id": "gen_random_uuid()", "message_id": "$2"},
    "dispatch_batches": {"message_id": "$2"},
    "open_messages": {"message_id": "$2"},
}

SCHEDULES = """
    INSERT INTO messaging.schedules (id, church_id, request, rule, starts_local, timezone, next_at,
                                     created_by, created_at, changed_at)
    SELECT gen_random_uuid(), church_id,
           request || jsonb_build_object('content', 'Service ' || number || ' begins at ten.'),
           'FREQ=DAILY', at, 'UTC', at AT TIME ZONE 'UTC', created_by, created_at, changed_at
      FROM messaging.schedules, generate_series(1, $2::integer) AS number,
           date_trunc('minute', now() AT TIME ZONE 'UTC') AS at
     WHERE id = $1
"""


async def measure(system: System) -> Section:
    async with (
        congregation.founded(system, "Scheduler", [1]) as church,
        connected(system.environment.database_url) as owner,
    ):
        kept = await _kept(church)
        await owner.execute(SCHEDULES, kept, DUE)
        await owner.execute("ANALYZE")
        system.stop([APPROVES])
        try:
            before = await processor.used(system)
            ours = await _fired(owner, church.id, kept)
            spent = (await processor.used(system)).since(before)
            floor = await _again(system.environment.database_url, church.id)
        finally:
            system.start_part(APPROVES)
            system.wait_until_ready([APPROVES])
    figure = Figure(
        "schedules",
        ours,
        "/s",
        [Floor(f"their rows alone, {due_schedules.TOGETHER} at a time", floor)],
    )
    return Section(
        f"Schedules that become messages, {DUE:,} due at one instant",
        [figure],
        ["Processor time of one:", f"  {processor.shares(spent, DUE)}"],
    )


async def _kept(church: Congregation) -> UUID:
    """What the others are copies of."""
    day = clock.now().date().replace(day=1)
    answer = await church.client.post(
        "/api/schedules",
        json={
            "content": "Service on Sunday begins at ten.",
            "targetType": "groups",
            "targetIds": [str(church.groups[1])],
            "scheduledFor": {
                "localTime": f"{day.replace(year=day.year + 1)}T09:00:00",
                "timezone": "UTC",
            },
        },
    )
    return UUID(congregation.json(answer)["id"])


async def _fired(owner: "asyncpg.Connection[Any]", church_id: UUID, kept: UUID) -> float:
    """Per second, from the instant when they are due."""
    began = time.perf_counter()
    await owner.execute(
        """
        INSERT INTO messaging.due_schedules (schedule_id, church_id, due_at)
        SELECT id, church_id, next_at FROM messaging.schedules
         WHERE church_id = $1 AND id <> $2
        """,
        church_id,
        kept,
    )
    while await owner.fetchval("SELECT count(*) FROM messaging.due_schedules WHERE due_at < now()"):
        if time.perf_counter() - began > PATIENCE:
            raise Spoiled(f"Schedules are still due after {PATIENCE:.0f} s.")
        await asyncio.sleep(LOOK_EVERY)
    took = time.perf_counter() - began
    sent = await owner.fetchval(
        """
        SELECT count(DISTINCT m.id) FROM messaging.schedule_occurrences o
          JOIN messaging.messages m ON m.id = o.message_id AND m.schedule_id = o.schedule_id
         WHERE o.church_id = $1
        """,
        church_id,
    )
    if sent != DUE:
        raise Spoiled(f"Of {DUE:,} schedules {sent:,} became messages.")
    return DUE / took


async def _again(database_url: str, church_id: UUID) -> float:
    """The floor, per second."""
    began = time.perf_counter()
    share = REPEATED // due_schedules.TOGETHER
    async with asyncio.TaskGroup() as tasks:
        for place in range(due_schedules.TOGETHER):
            tasks.create_task(_share(database_url, church_id, share, place * share))
    return REPEATED / (time.perf_counter() - began)


async def _share(database_url: str, church_id: UUID, count: int, offset: int) -> None:
    async with connected(database_url) as owner:
        inserts = [await _insert(owner, table, fresh) for table, fresh in TABLES.items()]
        fired = await owner.fetch(
            """
            SELECT schedule_id, message_id FROM messaging.schedule_occurrences
             WHERE church_id = $1 ORDER BY schedule_id LIMIT $2 OFFSET $3
            """,
            church_id,
            count,
            offset,
        )
        for start in range(0, len(fired), due_schedules.AT_ONCE):
            async with owner.transaction():
                for row in fired[start : start + due_schedules.AT_ONCE]:
                    await _one(owner, inserts, row["schedule_id"], row["message_id"])


async def _one(
    owner: "asyncpg.Connection[Any]", inserts: list[str], schedule_id: UUID, message_id: UUID
) -> None:
    twin = db.uuid7()
    await owner.execute(
        "SELECT FROM messaging.due_schedules WHERE schedule_id = $1 FOR UPDATE", schedule_id
    )
    for insert in inserts:
        await owner.execute(insert, message_id, twin)
    await owner.execute(
        """
        INSERT INTO messaging.schedule_occurrences (schedule_id, occurs_at, church_id, outcome,
                                                    message_id, noted_at)
        SELECT schedule_id, occurs_at + interval '1 second', church_id, outcome, $2, noted_at
          FROM messaging.schedule_occurrences WHERE schedule_id = $1
        """,
        schedule_id,
        twin,
    )
    for table, column, key in (
        ("schedules", "next_at", "id"),
        ("due_schedules", "due_at", "schedule_id"),
    ):
        await owner.execute(
            f"UPDATE messaging.{table} SET {column} = {column} + interval '1 day' WHERE {key} = $1",
            schedule_id,
        )


async def _insert(owner: "asyncpg.Connection[Any]", table: str, fresh: dict[str, str]) -> str:
    """A statement that inserts the row of message $1 once more, under $2."""
    columns = await owner.fetch(
        """
        SELECT column_name AS name FROM information_schema.columns
         WHERE table_schema = 'messaging' AND table_name = $1
        """,
        table,
    )
    names = [row["name"] for row in columns]
    key = "id" if table == "messages" else "message_id"
    return f"""
        INSERT INTO messaging.{table} ({", ".join(names)})
        SELECT {", ".join(fresh.get(name, name) for name in names)}
          FROM messaging.{table} WHERE {key} = $1
    """
