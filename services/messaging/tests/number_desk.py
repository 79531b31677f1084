"""A church at the desk where numbers are had."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest_asyncio

from koinonia.common import clock
from koinonia.common.events.messaging import NumberRequested
from koinonia.common.testing import probe, secrets, service
from koinonia.common.testing.databases import Databases
from koinonia.devkit.carrier import simulated
from koinonia.devkit.carrier.app import create_app
from koinonia.devkit.carrier.http_server import serving
from koinonia.devkit.carrier.network import Network
from koinonia.devkit.carrier.state.numbers import LINES
from koinonia.devkit.carrier.state.numbers import Order as CarrierOrder
from koinonia.messaging.numbers import orders
from koinonia.messaging.program import PROGRAM

from . import factories

PATH = "/api/phone-numbers"
LATER = timedelta(seconds=30)


@dataclass
class Desk:
    """A church that orders numbers, and the carrier that has them."""

    running: Any
    church_id: UUID
    network: Network
    api: httpx.AsyncClient
    url: str  # of the carrier

    async def plan(self, numbers: int) -> None:
        """Billing says how many numbers the church may have."""
        event = factories.subscribed(self.church_id, numbers)
        await service.hear(PROGRAM, self.running, event)

    async def ask(self, area_code: str = "202", key: str | None = None) -> httpx.Response:
        headers = {"Idempotency-Key": key} if key else {}
        return await self.api.post(PATH, json={"areaCode": area_code}, headers=headers)

    async def asked(self) -> UUID:
        answer = await self.ask()
        assert answer.status_code == 202, answer.text
        return UUID(answer.json()["id"])

    async def place(self, number_id: UUID) -> None:
        event = NumberRequested(church_id=self.church_id, number_id=number_id)
        await service.hear(PROGRAM, self.running, event)

    async def check(self, later: timedelta = LATER) -> None:
        with clock.shift(later):
            await orders.check(self.running)

    async def listed(self) -> list[dict[str, Any]]:
        numbers: list[dict[str, Any]] = (await self.api.get(PATH)).json()["data"]
        return numbers

    async def statuses(self) -> list[str]:
        return [number["status"] for number in await self.listed()]

    async def told(self) -> list[str]:
        async with self.running.database.transaction() as session:
            rows = await probe.rows(
                session,
                "SELECT name FROM outbox WHERE name <> 'messaging.action_taken' ORDER BY position",
            )
        return [row.name for row in rows]

    def take(self, *phone_numbers: str) -> None:
        """Somebody else buys these numbers."""
        for number in phone_numbers:
            self.network.numbers.owned[number] = CarrierOrder(number, None, None, "telnyx")

    def take_all(self) -> None:
        self.take(*(f"+1202555{line:04}" for line in LINES))


@pytest_asyncio.fixture
async def desk(databases: Databases, redis_url: str, rabbitmq_url: str) -> AsyncIterator[Desk]:
    network = simulated.network(secrets.carrier_key(), seed=7)
    network.behaviour.turn({"order_seconds": 0.001})  # not yet when it is ordered
    async with serving(create_app(network)) as url:
        servers = {"redis_url": redis_url, "rabbitmq_url": rabbitmq_url}
        async with service.opened(
            PROGRAM, databases, servers, telnyx_api_url=f"{url}/v2", public_url="https://k.example"
        ) as running:
            async with running.database.transaction() as session:
                church_id = await factories.church(session)
            async with service.client(PROGRAM, running, service.token(church_id)) as api:
                opened = Desk(running, church_id, network, api, url)
                await opened.plan(numbers=2)
                yield opened
