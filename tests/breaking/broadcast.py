"""A broadcast that something breaks in the middle of, and all that must hold when it is over."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg
from tests.integration.churches import Church
from tests.integration.network import Network

from koinonia.common.bus.dead import DeadQueues
from koinonia.common.testing.eventually import eventually
from koinonia.common.testing.phones import phone
from koinonia.devkit.layout import SERVICES, program
from koinonia.devkit.system import System

from .healing import shorten_leases

RECIPIENTS = 600
PHONES = [phone(n) for n in range(RECIPIENTS)]
TEXT = "The river is rising. " * 9  # two parts
PARTS = 2
PATIENCE = 75.0
LOOK_SECONDS = 0.4  # a look costs what several texts cost

STEADY: dict[str, Any] = {
    "send_latency": 0.05,
    "fail_share": 0.02,
    "duplicate_share": 0.05,
    "webhook_attempts": 7,  # so that no report is lost while we are away; see docs/guarantees.md
    "webhook_backoff": 0.25,
}


@dataclass
class Broadcast:
    """One message to ``PHONES``, under way."""

    system: System
    church: Church
    phones: Network
    id: str

    async def taken(self) -> int:
        """How many texts the carrier has accepted."""
        return int((await self.phones.ledger())["calls"].get("accepted", 0))

    async def is_in_the_middle(self) -> bool:
        return 0 < await self.taken() < RECIPIENTS

    async def ends_well(self) -> dict[str, Any]:
        """Everybody was texted once, all is settled, and every figure of everybody agrees."""
        async with self._database() as database:
            message = await self._settled(database)

            await self.phones.rest()
            await eventually(lambda: self._each_phone_was_texted_once(), 20)
            await eventually(lambda: self._rows_agree(database, message), 10)
        await eventually(lambda: self._bill_agrees(message), 45)
        await eventually(lambda: self._dashboard_agrees(message), 45)
        assert await dead_letters(self.system) == []
        return message

    async def _settled(self, database: asyncpg.Connection) -> dict[str, Any]:
        async def completed() -> dict[str, Any] | None:
            await shorten_leases(database)
            await asyncio.sleep(LOOK_SECONDS)
            message = await self.church.message(self.id)
            return message if message["status"] == "completed" else None

        message: dict[str, Any] = await eventually(completed, PATIENCE)
        assert message["counts"]["delivered"] + message["counts"]["failed"] == RECIPIENTS
        return message

    async def _each_phone_was_texted_once(self) -> bool:
        ledger = (await self.phones.ledger())["phones"]
        odd = {each: seen for each, seen in ledger.items() if seen["accepted"] != 1}
        assert not odd, f"{len(odd)} phones, such as {list(odd.items())[:3]}"
        return sorted(ledger) == sorted(PHONES)

    async def _rows_agree(self, database: asyncpg.Connection, message: dict[str, Any]) -> bool:
        rows = await database.fetch(
            "SELECT status, count(*) FROM messaging.message_recipients WHERE message_id = $1"
            " GROUP BY status",
            self.id,
        )
        counted = {status: count for status, count in message["counts"].items() if count}
        received = (await self.phones.ledger())["received"]
        assert received == message["counts"]["delivered"]
        return {row["status"]: row["count"] for row in rows} == counted

    async def _bill_agrees(self, message: dict[str, Any]) -> bool:
        usage = await self.church.get("/api/billing/usage")
        billed = (await self.church.get(f"/api/messages/{self.id}"))["parts"]["billed"]
        delivered = message["counts"]["delivered"]
        assert (usage["used"], usage["reserved"], billed) == (
            PARTS * delivered,
            0,
            PARTS * delivered,
        )
        return True

    async def _dashboard_agrees(self, message: dict[str, Any]) -> bool:
        stats = await self.church.get("/api/analytics/stats")
        assert stats["recipientsByStatus"] == message["counts"]
        return True

    @asynccontextmanager
    async def _database(self) -> AsyncIterator[asyncpg.Connection]:
        connection = await asyncpg.connect(self.system.environment.database_url, timeout=10)
        try:
            yield connection
        finally:
            await connection.close()


async def begun(system: System, church: Church, phones: Network) -> Broadcast:
    """Send to everybody and return when the first tenth has left."""
    lines = [f"Ann{n},Example{n},{each}" for n, each in enumerate(PHONES)]
    await church.import_csv("\n".join(["firstName,lastName,phone", *lines]))
    await phones.forget()
    await phones.turn(**STEADY)
    broadcast = Broadcast(system, church, phones, (await church.send(TEXT))["id"])

    async def some_have_left() -> bool:
        return await broadcast.taken() >= RECIPIENTS // 10

    await eventually(some_have_left, 20)
    return broadcast


async def dead_letters(system: System) -> list[str]:
    """The dead queues that hold something."""
    environment = system.environment
    names = [
        f"{service}.{subscription.event.name}"
        for service in SERVICES
        for subscription in program(service).subscriptions
    ]
    async with DeadQueues(environment.rabbitmq_url, environment.namespace) as dead:
        return [f"{queue.name}: {queue.count}" for queue in await dead.count(names)]
