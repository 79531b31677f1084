"""Whoever has the answer to a change reads it, at whichever gateway, whatever becomes of Redis."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from koinonia.common import db
from koinonia.common.testing import service
from koinonia.common.testing.databases import Databases
from koinonia.common.testing.eventually import eventually
from koinonia.common.testing.servers import Server, discovery
from koinonia.conversation.program import PROGRAM as CONVERSATION
from koinonia.gateway.kept_answers import Entry

from .conftest import Parts
from .factories import bearer, token
from .peers import serving

LISTS = ("/api/labels", "/api/canned-replies")
CHURCHES, CALM_ROUNDS, AWAY_ROUNDS = 3, 9, 2
NAMES = itertools.count()


@pytest.fixture(params=[True, False], ids=["remembers", "forgets"])
def own_redis(
    request: pytest.FixtureRequest, tmp_path: Path, server_processes: None
) -> Iterator[Server]:
    """A Redis of this test, to be stopped and started; it comes back with what it knew, tokens
    that a write could not change among it, or with nothing."""
    kinds = [kind for kind in discovery.KINDS if kind.name == "redis"]
    yield discovery.start(kinds, tmp_path, durable=request.param, environ={})["redis"]
    discovery.discard(tmp_path)


@pytest_asyncio.fixture
async def gateways(
    own_redis: Server,
    parts: Parts,
    databases: Databases,
    rabbitmq_url: str,
    bus_namespace: str,
    tmp_path: Path,
) -> AsyncIterator[Sequence[httpx.AsyncClient]]:
    """Two gateways before the real inbox, which has a Redis, a PostgreSQL and a broker."""
    servers = {
        "redis_url": own_redis.url,
        "rabbitmq_url": rabbitmq_url,
        "bus_namespace": bus_namespace,
    }
    async with AsyncExitStack() as stack:
        inbox = await stack.enter_async_context(
            service.opened(CONVERSATION, databases, servers, media_folder=tmp_path)
        )
        app = CONVERSATION.create_app()
        app.state.running = inbox
        url = await stack.enter_async_context(serving(app))
        clients = []
        for _ in range(2):
            gateway = await stack.enter_async_context(
                parts(
                    **servers,
                    conversation_url=url,
                    limit_timeout_ms=100,
                    limit_address="100000/minute",
                )
            )
            await eventually(lambda: gateway.state.running.endings.is_complete)  # noqa: B023
            clients.append(
                await stack.enter_async_context(
                    httpx.AsyncClient(base_url=await stack.enter_async_context(serving(gateway)))
                )
            )
        yield clients


@dataclass
class Church:
    """What was written there and answered, by list."""

    sent: dict[str, str]
    written: dict[str, list[str]] = field(default_factory=lambda: {path: [] for path in LISTS})

    async def write(self, gateway: httpx.AsyncClient, path: str) -> None:
        name = f"n{next(NAMES)}"
        label, reply = {"name": name, "colour": "#2f7d6b"}, {"shortcut": name, "content": name}
        body = label if path == LISTS[0] else reply
        answer = await gateway.post(path, json=body, headers=self.sent)
        assert answer.status_code == 201, answer.text
        self.written[path].append(name)

    async def read(self, gateway: httpx.AsyncClient, path: str) -> None:
        """It must show all writes that were answered when it begins."""
        written = list(self.written[path])
        listed = (await gateway.get(f"{path}?limit=100", headers=self.sent)).text
        assert [name for name in written if f'"{name}"' not in listed] == []


async def work(church: Church, gateways: Sequence[httpx.AsyncClient], rounds: int) -> int:
    """Each write is followed by two reads at each gateway, of which the second may be answered by
    what is kept; returns how many reads there were."""
    twice = (*gateways, *gateways)
    for number in range(rounds):
        path = LISTS[number % 2]
        await church.write(gateways[number // 2 % 2], path)
        for gateway in twice:
            await church.read(gateway, path)
    return rounds * len(twice)


async def read_on(
    churches: Sequence[Church], gateway: httpx.AsyncClient, until: asyncio.Event
) -> None:
    while not until.is_set():
        for church, path in itertools.product(churches, LISTS):
            await church.read(gateway, path)


@pytest.mark.services("conversation")
async def test_a_read_that_begins_after_a_change_was_answered_shows_it(
    gateways: Sequence[httpx.AsyncClient], own_redis: Server, hits: list[bool]
) -> None:
    churches = [Church(bearer(token(church_id=db.uuid7()))) for _ in range(CHURCHES)]
    done = asyncio.Event()

    async def all_work(rounds: int) -> int:
        return sum(await asyncio.gather(*(work(each, gateways, rounds) for each in churches)))

    reads = await all_work(CALM_ROUNDS)
    await asyncio.to_thread(own_redis.stop)
    reads += await all_work(AWAY_ROUNDS)
    reading = [asyncio.create_task(read_on(churches, each, done)) for each in gateways]
    await asyncio.to_thread(own_redis.start)
    reads += await all_work(CALM_ROUNDS)
    done.set()
    await asyncio.gather(*reading)
    assert reads >= 240

    async def are_kept() -> bool:
        """A circuit that the outage opened closes after two seconds."""
        await all_work(1)
        return hits.count(True) > 20

    await eventually(are_kept)


@pytest.fixture
def hits(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether what was kept was good, of each read for which something was."""
    seen: list[bool] = []
    is_good = Entry.is_good

    def watched(self: Entry, verdict: object) -> bool:
        seen.append(is_good(self, verdict))  # type: ignore[arg-type]
        return seen[-1]

    monkeypatch.setattr(Entry, "is_good", watched)
    return seen
