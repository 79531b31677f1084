"""A file of 200,000 people: sent, checked, written and undone, beside the database alone.

What counts is the processor time of messaging, which reads, judges and writes, less what it takes
at rest; and its memory, which a file must not move by its size. Its floor is what asyncpg alone
takes to hand over rows as long, by COPY, without reading or judging anything.

Meanwhile another church texts a few people again and again: it must not have to wait.
"""

import asyncio
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
from tests.load import congregation, lanes, processor, throughput
from tests.load.congregation import Congregation
from tests.load.figures import Figure, Floor, Section, Spoiled
from tests.load.system import connected

from koinonia.devkit import status
from koinonia.devkit.system import System

ROWS = 200_000
BOUND = 10_000.0  # rows for each second of the worker's processor time
LOOK_EVERY = 1.0
PATIENCE = 600.0
REGISTRATION = {
    "churchName": "Imports",
    "email": "imports@bench.example",
    "password": "measure twice, cut once",
    "tokens": True,
}
AREAS = (
    *(202, 205, 206, 207, 208, 209, 210, 212, 213, 214, 215, 216, 217, 218, 219, 224, 225),
    *(228, 229, 231, 234, 239, 240, 248, 251),
)
CONSENT = {"agreed": True, "wording": "Text me about Sunday.", "source": "the connect card"}
COPIED = 20_000  # rows
AT_REST = 5.0  # seconds
TIMES = 5
MEMBERS = (
    *("id", "church_id", "first_name", "last_name", "first_key", "last_key", "email"),
    *("phone_sealed", "phone_index", "phone_last_four", "phone_last_seven", "timezone", "zones"),
    *("custom", "source"),
)
FLOOR = """
    INSERT INTO messaging.members
           (id, church_id, first_name, last_name, first_key, last_key, email, phone_sealed,
            phone_index, phone_last_four, phone_last_seven, timezone, zones, custom, source)
    SELECT gen_random_uuid(), $2, first_name, last_name, first_key, last_key, email, phone_sealed,
           phone_index, phone_last_four, phone_last_seven, timezone, zones, custom, source
      FROM messaging.members WHERE church_id = $1
"""


@dataclass(frozen=True, slots=True)
class _Run:
    seconds: float
    processor: float  # seconds of messaging
    peak: float  # megabytes of messaging
    end: float  # the same

    def rate(self, at_rest: float) -> float:
        """Rows for each second of processor time; ``at_rest`` are seconds of it for each second."""
        return ROWS / (self.processor - at_rest * self.seconds)


async def measure(system: System) -> Section:
    await throughput.turn(system, throughput.TELLING)
    async with (
        httpx.AsyncClient(base_url=system.gateway_url, timeout=120, trust_env=False) as client,
        congregation.founded(system, "Beside an import", [lanes.SMALL]) as neighbour,
    ):
        church_id = await _founded(client)
        calm = await _texting(system, neighbour, TIMES)
        pid = _pid(system)
        memory = status.memory(pid) / 1e6
        at_rest = await _at_rest(pid)
        began = time.perf_counter()
        job = _json(await client.post("/api/imports", files={"files": ("people.csv", _file())}))
        sending = time.perf_counter() - began
        sent = status.memory(pid) / 1e6
        await _mapped(client, job)
        checked = await _turned(system, client, job, "start", {"dryRun": True}, "checked")
        texting = asyncio.create_task(_texting(system, neighbour, 10 * TIMES))
        written = await _turned(system, client, job, "start", {}, "done")
        texting.cancel()
        beside = await texting
        alone, copied = await _alone(system, church_id), await _copied(system, church_id)
        undone = await _turned(system, client, job, "undo", None, "undone")
    floor = Floor("one INSERT of as many members", ROWS / alone)
    bare = Floor("COPY of members by asyncpg", COPIED / copied)
    runs = {"checked": checked, "written": written, "undone": undone}
    figures = [Figure("read and kept", ROWS / sending, "/s")]
    figures += [Figure(f"{name}", ROWS / run.seconds, "/s", [floor]) for name, run in runs.items()]
    figures += [
        Figure(f"{name}, by the worker's processor time", run.rate(at_rest), "/s", [bare])
        for name, run in runs.items()
    ]
    figures.append(
        Figure(
            f"a message to {lanes.SMALL} of another church, sent",
            1000 * statistics.median(beside),
            "ms",
            [Floor("nothing else going on", 1000 * statistics.median(calm))],
        )
    )
    rate = written.rate(at_rest)
    verdict = "within" if rate >= BOUND else "beyond"
    peak = max(sent, *(run.peak for run in runs.values()))
    return Section(
        f"An import of {ROWS:,} rows",
        figures,
        [
            f"Written at {rate:,.0f} rows for a second of processor time: {verdict} the bound of "
            f"{BOUND:,.0f}. With what messaging takes at rest, {1000 * at_rest:.0f} ms a second: "
            f"{ROWS / written.processor:,.0f}.",
            f"Messaging takes {memory:.0f} MB at rest, {peak:.0f} at most meanwhile, and "
            f"{undone.end:.0f} afterwards.",
        ],
    )


async def _texting(system: System, church: Congregation, times: int) -> list[float]:
    """Seconds from the request until all texts of each message are with the carrier; of those that
    came to it, when it is cancelled."""
    took: list[float] = []
    async with connected(system.environment.database_url) as owner:
        try:
            for _ in range(times):
                sent, _delivered = await lanes.texted_few(owner, church)
                took.append(sent)
        except asyncio.CancelledError:
            if not took:
                raise Spoiled("No message of another church was sent meanwhile.") from None
    return took


async def _founded(client: httpx.AsyncClient) -> UUID:
    signed_in = _json(await client.post("/api/auth/register", json=REGISTRATION))
    client.headers["Authorization"] = f"Bearer {signed_in['tokens']['accessToken']}"
    return UUID(signed_in["church"]["id"])


def _file() -> bytes:
    return "".join(_lines()).encode()


def _lines() -> Iterator[str]:
    yield "First Name,Last Name,Cell Phone,E-mail,Groups\n"
    for n in range(ROWS):
        area, line = divmod(n, 8000)
        yield (
            f"Person{n},Of{n % 997},({AREAS[area]}) 555-{line + 1000},p{n}@example.org,"
            f"North/Group {n % 20}\n"
        )


async def _mapped(client: httpx.AsyncClient, job: dict[str, Any]) -> None:
    columns = [{"column": each["column"], "to": each["to"]} for each in job["columns"]]
    body = {"columns": columns, "consent": CONSENT}
    _json(await client.put(f"/api/imports/{job['id']}/mapping", json=body))


async def _turned(
    system: System,
    client: httpx.AsyncClient,
    job: dict[str, Any],
    command: str,
    body: object,
    status_wanted: str,
) -> _Run:
    pid = _pid(system)
    before, began, peak = processor.seconds(pid), time.perf_counter(), 0.0
    _json(await client.post(f"/api/imports/{job['id']}/{command}", json=body))
    while True:
        await asyncio.sleep(LOOK_EVERY)  # a look is a query that the worker pays for, too
        peak = max(peak, status.memory(pid) / 1e6)
        shown = _json(await client.get("/api/imports", params={"limit": 1}))["data"][0]
        took = time.perf_counter() - began
        if shown["status"] == status_wanted:
            break
        if shown["code"] or took > PATIENCE:
            raise Spoiled(f"The import is {shown['status']}: {shown['reason']}")
    if shown["counts"]["created"] != ROWS:
        raise Spoiled(f"Of {ROWS:,} rows {shown['counts']['created']:,} were created.")
    return _Run(took, processor.seconds(pid) - before, peak, status.memory(pid) / 1e6)


async def _at_rest(pid: int) -> float:
    """Seconds of processor for each second."""
    before = processor.seconds(pid)
    await asyncio.sleep(AT_REST)  # that nothing happens is what is measured
    return (processor.seconds(pid) - before) / AT_REST


async def _alone(system: System, church_id: UUID) -> float:
    """Seconds; what is inserted goes again."""
    async with connected(system.environment.database_url) as owner:
        transaction = owner.transaction()
        await transaction.start()
        try:
            return await _inserted(owner, church_id)
        finally:
            await transaction.rollback()


async def _inserted(owner: "asyncpg.Connection[Any]", church_id: UUID) -> float:
    await owner.execute("SET LOCAL search_path = messaging")  # for the triggers
    began = time.perf_counter()
    placed = await owner.execute(FLOOR, church_id, UUID(int=1), timeout=PATIENCE)
    if placed != f"INSERT 0 {ROWS}":
        raise Spoiled(f"The floor of an import inserted other members than ours: {placed}")
    return time.perf_counter() - began


async def _copied(system: System, church_id: UUID) -> float:
    """Seconds of this process for ``COPIED`` rows, which go again."""
    async with connected(system.environment.database_url) as owner:
        transaction = owner.transaction()
        await transaction.start()
        try:
            await owner.execute("SET LOCAL search_path = messaging")  # for the triggers
            columns = ", ".join(MEMBERS)
            found = await owner.fetch(
                f"SELECT {columns} FROM members WHERE church_id = $1 LIMIT $2", church_id, COPIED
            )
            rows = [(uuid4(), UUID(int=1), *tuple(row.values())[2:]) for row in found]
            began = time.process_time()
            await owner.copy_records_to_table(
                "members", columns=MEMBERS, records=rows, timeout=PATIENCE
            )
            return time.process_time() - began
        finally:
            await transaction.rollback()


def _pid(system: System) -> int:
    part = system.running("messaging")
    if part is None:
        raise Spoiled("Messaging does not run.")
    return part.pid


def _json(answer: httpx.Response) -> Any:
    if answer.is_error:
        raise Spoiled(f"{answer.request.url.path}: {answer.text[:300]}")
    return answer.json()
