"""``koinonia dead`` on a real broker: seen, replayed once, dropped, and never lost."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from aio_pika import Message
from aio_pika.abc import AbstractChannel
from sqlalchemy.ext.asyncio import AsyncSession
from typer.testing import CliRunner

from koinonia.common import bus, db, operators
from koinonia.common.bus import topology
from koinonia.common.bus.connection import BusConnection
from koinonia.common.bus.dead_letters import identity
from koinonia.common.bus.dead_queues import DeadQueues
from koinonia.common.events.billing import SpendApproved, SpendDeclined
from koinonia.common.testing import probe
from koinonia.common.testing.eventually import eventually

CHURCH = UUID("01900000-0000-7000-8000-000000000001")
COMMAND = operators.build(plugged=())
QUEUE = "sample.spend.approved"


class Ledger:
    """Fails until it is repaired, then writes down what it was given."""

    repaired = False

    async def apply(self, session: AsyncSession, event: SpendApproved) -> None:
        if not self.repaired:
            raise RuntimeError("no plan for +12025550147")
        await db.run(session, "INSERT INTO effects VALUES (:id)", {"id": event.id})


class Stage:
    """A broker with the queues of ``sample``, a consumer when wanted, and the command."""

    def __init__(self, url: str, namespace: str, channel: AbstractChannel) -> None:
        self.url, self.namespace, self.channel = url, namespace, channel
        self.dead_name = f"{namespace}{QUEUE}.dead"

    async def __call__(self, *arguments: str) -> Any:
        """Run ``koinonia dead …`` as a shell would."""
        return await asyncio.to_thread(CliRunner().invoke, COMMAND, ["dead", *arguments])

    async def bury(self, *letters: UUID, body: bytes = b"{}", reason: str = "RuntimeError") -> None:
        exchange = await self.channel.get_exchange(f"{self.namespace}koinonia.dead")
        for letter in letters:
            envelope = bus.Envelope(letter, "spend.approved", CHURCH, body, {"reason": reason})
            await exchange.publish(envelope.message("billing", attempt=6), self.dead_name)

    async def count(self, queue: str | None = None) -> int:
        name = queue or self.dead_name
        declared = await self.channel.declare_queue(name, passive=True)
        return declared.declaration_result.message_count or 0

    async def ids(self, queue: str) -> set[str]:
        """What waits in a queue; takes it."""
        source, found = await self.channel.get_queue(queue), set()
        while message := await source.get(fail=False):
            await message.ack()
            found.add(str(message.message_id))
        return found


@pytest.fixture
async def koinonia(
    rabbitmq_url: str, bus_namespace: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Stage]:
    monkeypatch.setenv("KOINONIA_RABBITMQ_URL", rabbitmq_url)
    monkeypatch.setenv("KOINONIA_BUS_NAMESPACE", bus_namespace)
    connection = BusConnection(rabbitmq_url, "tests")
    channel = await (await connection.open()).channel()
    names = topology.Names(bus_namespace)
    await topology.declare(channel, names, "sample", ["spend.approved", "spend.declined"])
    yield Stage(rabbitmq_url, bus_namespace, channel)
    await connection.close()


@asynccontextmanager
async def consuming(
    stage: Stage, database: db.Database, reaction: Callable[..., Awaitable[None]]
) -> AsyncIterator[bus.Publisher]:
    stop, running = asyncio.Event(), SimpleNamespace(database=database)
    table = (bus.on(SpendApproved, reaction),)
    consumer = bus.Consumer(
        stage.url, "sample", table, running, namespace=stage.namespace, ladder=(1,)
    )
    task = asyncio.create_task(consumer.run(stop))
    publisher = bus.Publisher(stage.url, "billing", stage.namespace)
    await eventually(lambda: consumer.is_consuming)
    yield publisher
    stop.set()
    await asyncio.wait_for(task, 10)
    await publisher.close()


async def test_what_failed_is_listed_explained_and_replayed_to_one_effect(
    koinonia: Stage, sample: db.Database
) -> None:
    ledger, event = Ledger(), SpendApproved(church_id=CHURCH, message_id=uuid4(), parts=1)
    async with consuming(koinonia, sample, ledger.apply) as publisher:
        await publisher.publish_event(event)
        await eventually(lambda: _is(koinonia.count, 1), within=15)

        listed = await koinonia("list", "--listener", "sample")
        assert listed.exit_code == 1
        assert re.search(
            rf"{koinonia.dead_name}  sample +spend.approved +1  20\d\d-.*Z  RuntimeError: no plan",
            listed.output,
        )
        shown = (await koinonia("show", QUEUE)).output
        assert f"{event.id}  spend.approved" in shown
        assert f"church    {CHURCH}" in shown
        assert "failed    2 times, last at 20" in shown
        assert "test_operators_dead.Ledger.apply" in shown
        assert "12025550147" not in shown + listed.output

        ledger.repaired = True
        for _ in range(2):
            replayed = await koinonia("replay", QUEUE, "--all")
            assert replayed.exit_code == 0
        await eventually(lambda: _has_effect(sample, event.id))
    assert await _effects(sample) == [event.id]
    assert (await koinonia("list", "--listener", "sample")).output == "No dead events.\n"


async def test_an_event_replayed_twice_from_two_copies_has_one_effect(
    koinonia: Stage, sample: db.Database
) -> None:
    ledger, event = Ledger(), SpendApproved(church_id=CHURCH, message_id=uuid4(), parts=1)
    ledger.repaired = True
    body = event.model_dump_json(by_alias=True).encode()
    await koinonia.bury(event.id, event.id, body=body)
    async with consuming(koinonia, sample, ledger.apply):
        assert "2 replayed." in (await koinonia("replay", QUEUE, "--id", str(event.id))).output
        await eventually(lambda: _is(lambda: koinonia.count(f"{koinonia.namespace}{QUEUE}"), 0))
        await eventually(lambda: _has_effect(sample, event.id))
    assert await _effects(sample) == [event.id]


async def test_a_replayed_event_starts_anew_and_counts_its_replays(koinonia: Stage) -> None:
    await koinonia.bury(letter := uuid4())
    await koinonia("replay", QUEUE, "--id", str(letter))
    queue = await koinonia.channel.get_queue(f"{koinonia.namespace}{QUEUE}")
    message = await queue.get(timeout=5)
    await message.ack()
    kept = {name: value for name, value in message.headers.items() if not name.startswith("x-")}
    assert kept == {"attempt": 0, "church_id": str(CHURCH), "replays": 1}
    assert (message.message_id, message.type) == (str(letter), "spend.approved")


async def test_only_the_chosen_events_are_replayed_or_dropped(koinonia: Stage) -> None:
    first, second, third = letters = [uuid4() for _ in range(3)]
    await koinonia.bury(*letters)
    assert (await koinonia("replay", QUEUE, "--id", str(first))).exit_code == 0
    assert (await koinonia("drop", QUEUE, "--id", str(second), "--yes")).exit_code == 0
    await eventually(lambda: _is(koinonia.count, 1))
    assert await koinonia.ids(koinonia.dead_name) == {str(third)}
    assert await koinonia.ids(f"{koinonia.namespace}{QUEUE}") == {str(first)}


async def test_dropping_all_leaves_nothing(koinonia: Stage) -> None:
    await koinonia.bury(*(uuid4() for _ in range(5)))
    assert "5 dropped." in (await koinonia("drop", QUEUE, "--all", "--yes")).output
    assert await koinonia.count() == 0


@pytest.mark.parametrize("command", ["replay", "drop"])
async def test_a_dry_run_names_the_events_and_changes_nothing(
    koinonia: Stage, command: str
) -> None:
    letters = [uuid4() for _ in range(3)]
    await koinonia.bury(*letters)
    told = await koinonia(command, QUEUE, "--all", "--dry-run")
    assert told.exit_code == 0
    assert all(str(letter) in told.output for letter in letters)
    await eventually(lambda: _is(koinonia.count, 3))
    assert await koinonia.count(f"{koinonia.namespace}{QUEUE}") == 0


async def test_looking_again_and_again_loses_nothing(koinonia: Stage) -> None:
    """A quorum queue with RabbitMQ 4's default limit would drop its events at the 20th look."""
    await koinonia.bury(*(uuid4() for _ in range(3)))
    async with DeadQueues(koinonia.url, koinonia.namespace) as dead:
        for _ in range(25):
            await eventually(lambda: _is(koinonia.count, 3))
            assert len(await dead.look(QUEUE, limit=10)) == 3
    await eventually(lambda: _is(koinonia.count, 3))


async def test_a_replay_killed_in_the_middle_loses_nothing(koinonia: Stage) -> None:
    letters = {str(uuid4()) for _ in range(400)}
    await koinonia.bury(*map(UUID, letters))
    command = [sys.executable, "-m", "koinonia.common.operators", "dead", "replay", QUEUE, "--all"]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    for _ in range(20):
        assert b"replayed" in await process.stdout.readline()
    os.kill(process.pid, signal.SIGKILL)
    await process.wait()
    working = f"{koinonia.namespace}{QUEUE}"
    await eventually(lambda: _all_there(koinonia, working, len(letters)), within=15)
    assert await koinonia.count() > 0
    assert await koinonia.ids(working) | await koinonia.ids(koinonia.dead_name) == letters


async def test_a_look_cut_off_while_holding_loses_nothing(koinonia: Stage) -> None:
    await koinonia.bury(*(uuid4() for _ in range(10)))
    dead = DeadQueues(koinonia.url, koinonia.namespace)
    async with dead._taking(QUEUE) as (_, messages):
        held = [await anext(messages) for _ in range(4)]
        await eventually(lambda: _is(koinonia.count, 6))
        await (await dead._connection.open()).close()
    assert len(held) == 4
    await eventually(lambda: _is(koinonia.count, 10))


async def test_a_queue_that_is_gone_keeps_its_dead(koinonia: Stage) -> None:
    await koinonia.bury(letter := uuid4())
    await koinonia.channel.queue_delete(f"{koinonia.namespace}{QUEUE}")
    refused = await koinonia("replay", QUEUE, "--all")
    assert refused.exit_code == 1
    assert "gone or full" in refused.stderr
    await eventually(lambda: _is(koinonia.count, 1))
    assert await koinonia.ids(koinonia.dead_name) == {str(letter)}


async def test_a_body_shows_no_phone_and_nothing_people_wrote(koinonia: Stage) -> None:
    body = b'{"text":"Hi Ann","to":"+12025550147","sealedPhone":"k1:AAAA","all":[{"email":"a@b"}]}'
    await koinonia.bury(uuid4(), body=body)
    shown = (await koinonia("show", QUEUE, "--body")).output
    assert "Ann" not in shown
    assert "12025550147" not in shown
    assert "a@b" not in shown
    assert '"sealedPhone": "k1:AAAA"' in shown
    assert '"text": "(hidden)"' in shown


async def test_an_event_that_killed_its_process_says_so(koinonia: Stage) -> None:
    name = f"{koinonia.namespace}{QUEUE}"
    event = bus.Envelope(uuid4(), "spend.approved", CHURCH, b"{}")
    await koinonia.channel.default_exchange.publish(event.message("billing"), name)
    queue = await koinonia.channel.get_queue(name)
    for _ in range(topology.DELIVERY_LIMIT + 1):
        message: Any = await eventually(lambda: queue.get(fail=False))
        await message.nack(requeue=True)
    await eventually(lambda: _is(koinonia.count, 1))
    shown = (await koinonia("show", QUEUE)).output
    assert "reason    delivery limit" in shown
    assert "last at 20" in shown


def test_what_has_no_id_can_still_be_chosen() -> None:
    """Only other clients publish without one: aiormq makes an id up."""
    message: Any = Message(b"junk")
    assert identity(message) == "body-ef875a1705a5"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("drop", QUEUE, "--all"), 2),
        (("drop", QUEUE, "--yes"), 2),
        (("replay", QUEUE), 2),
        (("replay", QUEUE, "--all", "--id", "x"), 2),
        (("show", "sample.nothing.known"), 1),
        (("list", "sample.nothing.known"), 1),
        (("show", QUEUE, "--id", str(uuid4())), 1),
        (("replay", QUEUE, "--id", str(uuid4())), 1),
        (("show", QUEUE), 0),
        (("list", QUEUE), 0),
    ],
)
async def test_the_exit_code_tells_what_happened(
    koinonia: Stage, arguments: tuple[str, ...], code: int
) -> None:
    ended = await koinonia(*arguments)
    assert ended.exit_code == code
    assert code == 0 or ended.stderr


async def test_listing_finds_the_queues_of_several_events(koinonia: Stage) -> None:
    await koinonia.bury(uuid4())
    exchange = await koinonia.channel.get_exchange(f"{koinonia.namespace}koinonia.dead")
    declined = bus.Envelope(uuid4(), SpendDeclined.name, CHURCH, b"{}", {"reason": "Reject: no"})
    name = f"{koinonia.namespace}sample.spend.declined.dead"
    await exchange.publish(declined.message("billing"), name)
    listed = (await koinonia("list", "--listener", "sample")).output.splitlines()
    assert [line.split()[:4] for line in listed[1:]] == [
        [koinonia.dead_name, "sample", "spend.approved", "1"],
        [name, "sample", "spend.declined", "1"],
    ]


async def test_a_broker_that_is_away_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOINONIA_RABBITMQ_URL", "amqp://guest:secret@127.0.0.1:1/")
    ended = await asyncio.to_thread(CliRunner().invoke, COMMAND, ["dead", "list"])
    assert ended.exit_code == 1
    assert ended.stderr.startswith("RabbitMQ at 127.0.0.1:1 does not answer")
    assert "secret" not in ended.stderr


async def _is(count: Callable[[], Awaitable[int]], expected: int) -> bool:
    return await count() == expected


async def _all_there(stage: Stage, working: str, expected: int) -> bool:
    return await stage.count() + await stage.count(working) >= expected


async def _effects(database: db.Database) -> list[UUID]:
    async with database.transaction() as session:
        return [row.event_id for row in await probe.rows(session, "SELECT event_id FROM effects")]


async def _has_effect(database: db.Database, event_id: UUID) -> bool:
    return event_id in await _effects(database)
