"""Seeds played together on one running system, and what each of them did wrong."""

import asyncio
import contextlib
import logging
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

import structlog

from koinonia.common.bus.dead_queues import DeadQueues
from koinonia.common.testing import bus, redis, service
from koinonia.common.testing.databases import Cluster
from koinonia.common.testing.eventually import eventually
from koinonia.devkit.carrier.network import Network
from koinonia.devkit.carrier.verification import books, checks
from koinonia.devkit.carrier.verification.books import Books
from koinonia.devkit.carrier.verification.carried_texts import Carried
from koinonia.devkit.carrier.verification.checks import Evidence
from koinonia.messaging.broadcasts.reconciliation import message_sweep

from . import system as systems
from .founding import found
from .seeds import Seed
from .system import System
from .watching import LISTENER

SENDING_AT_ONCE = 16
PATIENCE_SECONDS = 60.0  # without anything getting better
POLL_SECONDS = 0.5

NAMES = frozenset(program.name for program in systems.SERVICES)


@dataclass(frozen=True, slots=True)
class Played:
    """What was wrong with each seed; nothing is what is hoped for."""

    wrong: Mapping[int, list[str]]
    buried: list[str]  # events in dead queues
    unmet: list[str]  # ways of a carrier to be odd that no text met
    texts: int
    seconds: float


async def play(system: System, seeds: Sequence[Seed]) -> Played:
    """Only errors are logged, and plainly: thousands of texts with their trouble fill a log, and
    to paint a traceback takes longer than to send a text."""
    usual = structlog.get_config()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
    )
    try:
        return await _play(system, seeds)
    finally:
        structlog.configure(**usual)


async def _play(system: System, seeds: Sequence[Seed]) -> Played:
    began = time.monotonic()
    churches = await found(system, list(seeds))
    messages = await _send_all(system, churches)
    wrong = await _settled(system, churches)
    await _look_after(system)
    for seed, sentences in (await _settled(system, churches)).items():
        wrong[seed] += [f"Afterwards: {sentence}" for sentence in sentences]
    for seed, message in messages.items():
        wrong[seed] += await _open(system, message)
    for seed in churches.keys() - messages.keys():
        wrong[seed].append("the message was not accepted")
    return Played(
        {seed.number: sentences for seed, sentences in wrong.items()},
        await _buried(system),
        _unmet(system.network),
        len(system.network.texts),
        time.monotonic() - began,
    )


@asynccontextmanager
async def stage(cluster: Cluster, rabbitmq_url: str, redis_url: str) -> AsyncIterator[System]:
    """A system of its own on servers that run."""
    prefix = bus.namespace()
    try:
        async with (
            cluster.database(NAMES) as databases,
            redis.own_database(redis_url) as own_redis,
            systems.running(
                databases,
                {
                    "rabbitmq_url": rabbitmq_url,
                    "redis_url": own_redis.url,
                    "bus_namespace": prefix,
                },
            ) as system,
        ):
            yield system
    finally:
        await bus.clear(rabbitmq_url, prefix, [*NAMES, LISTENER])


async def _send_all(system: System, churches: Mapping[Seed, UUID]) -> dict[Seed, UUID]:
    turns, messages = asyncio.Semaphore(SENDING_AT_ONCE), {}

    async def send(seed: Seed, church: UUID) -> None:
        async with turns:
            with contextlib.suppress(AssertionError):
                messages[seed] = await eventually(lambda: _sent(system, seed, church), 60)

    async with asyncio.TaskGroup() as tasks:
        for seed, church in churches.items():
            tasks.create_task(send(seed, church))
    return messages


async def _sent(system: System, seed: Seed, church: UUID) -> UUID | None:
    """The message's id; None when the system is too busy, so that one asks again."""
    answer = await system.api.post(
        "/api/messages/send",
        json={"content": seed.words, "targetType": "all"},
        headers={
            "Authorization": f"Bearer {service.token(church)}",
            "Idempotency-Key": f"seed-{seed.number}",
        },
    )
    return UUID(answer.json()["id"]) if answer.status_code == 202 else None


async def _settled(system: System, churches: Mapping[Seed, UUID]) -> dict[Seed, list[str]]:
    """What is wrong once nothing is, or once nothing moves any more."""
    seen: object = None
    while True:
        is_at_rest, now = await _progress(system)
        if now != seen:
            seen, until = now, time.monotonic() + PATIENCE_SECONDS
        is_over = time.monotonic() > until
        if is_at_rest or is_over:
            wrong = await _compared(system, churches)
            if is_over or not any(wrong.values()):
                return wrong
        await asyncio.sleep(POLL_SECONDS)  # ends when nothing moved for PATIENCE_SECONDS


async def _progress(system: System) -> tuple[bool, object]:
    """Whether all is handed over and told, and what moves as long as something does."""
    batches = await system.books.fetchval("SELECT count(*) FROM messaging.dispatch_batches")
    statuses = await system.books.fetch(
        "SELECT status, count(*) FROM messaging.message_recipients GROUP BY status ORDER BY status"
    )
    entries = await system.books.fetchval("SELECT count(*) FROM billing.usage_entries")
    pending = system.network.pending
    return not (batches or pending), (batches, pending, entries, statuses)


async def _look_after(system: System) -> None:
    """What happens to every open message in the course of its days, at once: each worker looks
    after them, and asks the carrier for what it never reported."""
    await system.books.execute("UPDATE messaging.open_messages SET look_at = now()")
    while await system.books.fetchval(
        "SELECT EXISTS (SELECT FROM messaging.open_messages WHERE look_at <= now())"
    ):
        await asyncio.gather(*(message_sweep.sweep(each) for each in system.messaging))


async def _open(system: System, message: UUID) -> list[str]:
    """What is left to do of a message that was looked after."""
    status = await system.books.fetchval(
        "SELECT status FROM messaging.messages WHERE id = $1", message
    )
    return [] if status == "completed" else [f"Afterwards: message {message} is {status}"]


async def _compared(system: System, churches: Mapping[Seed, UUID]) -> dict[Seed, list[str]]:
    everything = await books.read_from(system.books)
    carried: dict[UUID | None, list[Carried]] = defaultdict(list)
    for text in system.network.texts.values():
        each = Carried.from_json(text.shown())
        carried[each.church].append(each)
    wrong = {}
    for seed, church in churches.items():
        own = _of_church(everything, church)
        evidence = Evidence(carried[church], own)
        wrong[seed] = [
            f"{check.promise}: {sentence}"
            for check in checks.all_checks(evidence)
            for sentence in check.wrong
        ]
        wrong[seed] += [
            f"text {text.id}: sent through {text.carrier}"
            for text in carried[church]
            if text.carrier != seed.carrier
        ]
        wrong[seed] += [sentence for row in own.rows for sentence in system.watcher.wrong(row)]
        wrong[seed] += [
            f"recipient {row.id}: {row.status}, though the carrier was asked: {text.outcome}"
            for text, row in evidence.pairs()
            if text.was_looked_up and text.outcome and row.status.rank < text.outcome.rank
        ]
    return wrong


def _of_church(everything: Books, church: UUID) -> Books:
    messages = [each for each in everything.messages if each.church_id == church]
    own = {each.id for each in messages}
    return Books(
        [row for row in everything.rows if row.message_id in own],
        messages,
        [each for each in everything.subscriptions if each.church_id == church],
    )


def _unmet(network: Network) -> list[str]:
    every = [
        f"{name}: {twist.name}"
        for name, dialect in network.dialects.items()
        for twist in dialect.oddities.all
    ]
    return [each for each in every if each not in network.ledger.oddities]


async def _buried(system: System) -> list[str]:
    namespace = system.servers["bus_namespace"]
    async with DeadQueues(system.servers["rabbitmq_url"], namespace) as dead:
        return [f"{queue.count} in {queue.name}" for queue in await dead.find(NAMES)]
