"""A church whose number was ordered at the simulated carrier, which loses things from a seed."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest_asyncio

from koinonia.common import clock
from koinonia.common.events.messaging import NumberConnectionChanged, NumberRequested
from koinonia.common.testing import secrets, service
from koinonia.common.testing.databases import Databases
from koinonia.devkit.carrier import simulated
from koinonia.devkit.carrier.app import create_app
from koinonia.devkit.carrier.http_server import serving
from koinonia.devkit.carrier.network import Network
from koinonia.devkit.carrier.state.numbers import Order
from koinonia.devkit.carrier.unlimited import UNLIMITED
from koinonia.messaging.numbers import orders
from koinonia.messaging.program import PROGRAM
from koinonia.messaging.recovery import number_recovery, number_sweep

from . import factories
from .sink import Sink
from .stage import Stage
from .theatre import CALM

PATH = "/api/phone-numbers"
HOUR = timedelta(minutes=61)
LATER = timedelta(minutes=2)


@dataclass
class Keeper:
    """The worker that looks after the numbers, turned by hand."""

    stage: Stage
    api: httpx.AsyncClient
    elapsed: timedelta = timedelta()

    @property
    def network(self) -> Network:
        return self.stage.network

    @property
    def order(self) -> Order:
        """The church's number at the carrier."""
        [order] = self.network.numbers.owned.values()
        return order

    async def number(self) -> dict[str, Any]:
        """The church's number, as staff see it."""
        [shown] = (await self.api.get(PATH)).json()["data"]
        found: dict[str, Any] = shown
        return found

    async def sweep(self) -> None:
        """An hour passes, and then the time that every number that is due takes."""
        await self.wait(HOUR)
        with clock.shift(self.elapsed):
            await number_sweep.sweep(self.stage.running)
        await self.check()

    async def wait(self, pause: timedelta = LATER) -> None:
        self.elapsed += pause

    async def check(self) -> None:
        with clock.shift(self.elapsed):
            await number_recovery.check_due(self.stage.running)

    async def told(self) -> list[str]:
        """What became of the connection, one after another."""
        return [event.connection for event in await self.stage.told(NumberConnectionChanged)]


@pytest_asyncio.fixture
async def keeper(
    databases: Databases, redis_url: str, rabbitmq_url: str, sink: Sink
) -> AsyncIterator[Keeper]:
    network = simulated.network(secrets.carrier_key(), seed=7)
    network.behaviour.turn({**CALM, "order_seconds": 0.001, "strict_senders": True})
    settings = {"redis_url": redis_url, "rabbitmq_url": rabbitmq_url, "public_url": sink.url}
    async with serving(create_app(network)) as url:
        settings |= {"telnyx_api_url": f"{url}/v2"}
        more = {**UNLIMITED, "number_calls_per_minute": 6000.0}
        async with service.opened(PROGRAM, databases, settings, **more) as running:
            async with running.database.transaction() as session:
                church_id = await factories.church(session)
            await service.hear(PROGRAM, running, factories.subscribed(church_id, 1))
            async with service.client(PROGRAM, running, service.token(church_id)) as api:
                stage = Stage(running, church_id, network, sink)
                await order(stage, api)
                yield Keeper(stage, api)
            sink.take()


async def order(stage: Stage, api: httpx.AsyncClient) -> UUID:
    """A number that was ordered and is active."""
    answer = await api.post(PATH, json={"areaCode": "202"})
    assert answer.status_code == 202, answer.text
    number_id = UUID(answer.json()["id"])
    await stage.hear(NumberRequested(church_id=stage.church_id, number_id=number_id))
    with clock.shift(timedelta(seconds=30)):
        await orders.check(stage.running)
    return number_id
