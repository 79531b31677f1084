"""A broadcast that something breaks in the middle of, and all that must hold when it is over."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
from tests.integration.churches import SETTLED, Church
from tests.integration.network import CALM, Network

from koinonia.common.bus.dead_queues import DeadQueues
from koinonia.common.testing.eventually import eventually
from koinonia.common.testing.phones import phone
from koinonia.devkit.carrier.verification import books, checks
from koinonia.devkit.carrier.verification.carried_texts import Carried
from koinonia.devkit.layout import with_schema
from koinonia.devkit.system import System

from .healing import shorten_leases
from .sizes import PATIENCE, RECIPIENTS

PHONES = [phone(n) for n in range(RECIPIENTS)]
TEXT = "The river is rising. " * 9  # two parts
PARTS = 2
LOOK_SECONDS = 0.5  # a look costs what several texts cost

STEADY: dict[str, Any] = {
    "send_latency": 0.05,
    "fail_share": 0.02,
    "duplicate_share": 0.05,
    "webhook_attempts": 12,  # so that no report is lost while we are away; see docs/guarantees.md
    "webhook_backoff": 0.25,
}


@dataclass
class Broadcast:
    """One message to ``PHONES``, under way. ``buried``: what dead queues held before it."""

    system: System
    church: Church
    phones: Network
    id: str
    buried: dict[str, int]

    async def taken(self) -> int:
        """How many texts the carrier has accepted."""
        return int((await self.phones.totals())["calls"].get("accepted", 0))

    async def is_in_the_middle(self) -> bool:
        return 0 < await self.taken() < RECIPIENTS

    async def ends_well(self) -> dict[str, Any]:
        """Everybody was texted once, all is settled, and every figure of everybody agrees."""
        message = await self._settled()
        await self.phones.rest(PATIENCE)
        await _eventually(self._each_phone_was_texted_once)
        await _eventually(self._books_agree)
        await _eventually(lambda: self._bill_agrees(message))
        await _eventually(lambda: self._dashboard_agrees(message))
        assert await buried(self.system) == self.buried
        return message

    async def give_up(self) -> None:
        """Leave nothing to send behind for the next test."""
        if (await self.church.message(self.id))["status"] not in SETTLED:
            await self.church.api.post(f"/api/messages/{self.id}/cancel")

    async def _settled(self) -> dict[str, Any]:
        async with self.database() as database:

            async def completed() -> dict[str, Any] | None:
                await shorten_leases(database)
                message = await self.church.message(self.id)
                return message if message["status"] == "completed" else None

            message: dict[str, Any] = await _eventually(completed)
        assert message["counts"]["delivered"] + message["counts"]["failed"] == RECIPIENTS
        return message

    async def _each_phone_was_texted_once(self) -> bool:
        texts = Counter(text["to"] for text in await self.phones.taken(self.church.id))
        odd = {to: count for to, count in texts.items() if count != 1}
        assert not odd, f"{len(odd)} phones, such as {list(odd.items())[:3]}"
        return sorted(texts) == sorted(PHONES)

    async def _books_agree(self) -> bool:
        """Every check of ``koinonia-carrier verify``: the carrier's ledger against our rows."""
        carried = [Carried.from_json(text) for text in await self.phones.taken(self.church.id)]
        own = await books.read(self.system.environment.database_url, UUID(self.church.id))
        found = checks.all_checks(checks.Evidence(carried, own))
        wrong = [f"{check.promise}: {check.wrong[:3]}" for check in found if check.wrong]
        assert not wrong, "\n".join(wrong)
        return True

    async def _bill_agrees(self, message: dict[str, Any]) -> bool:
        usage = await self.church.get("/api/billing/usage")
        billed = (await self.church.get(f"/api/messages/{self.id}"))["parts"]["billed"]
        parts = PARTS * message["counts"]["delivered"]
        assert (usage["used"], usage["reserved"], billed) == (parts, 0, parts)
        return True

    async def _dashboard_agrees(self, message: dict[str, Any]) -> bool:
        stats = await self.church.get("/api/analytics/stats")
        assert stats["recipientsByStatus"] == message["counts"]
        return True

    @asynccontextmanager
    async def database(self) -> AsyncIterator[asyncpg.Connection]:
        connection = await asyncpg.connect(self.system.environment.database_url, timeout=10)
        try:
            yield connection
        finally:
            await connection.close()


async def _eventually(look: Callable[[], Awaitable[Any]]) -> Any:
    """Not as often as can be: whoever looks takes time from who is looked at."""

    async def calmly() -> Any:
        await asyncio.sleep(LOOK_SECONDS)  # within eventually
        return await look()

    return await eventually(calmly, PATIENCE)


async def begun(system: System, church: Church, phones: Network) -> Broadcast:
    """Send to everybody and return when the first tenth has left."""
    lines = [f"Ann{n},Example{n},{each}" for n, each in enumerate(PHONES)]
    await church.import_csv("\n".join(["firstName,lastName,phone", *lines]))
    await phones.turn(**CALM | STEADY)
    before = await buried(system)
    broadcast = Broadcast(system, church, phones, (await church.send(TEXT))["id"], before)

    async def some_have_left() -> bool:
        return await broadcast.taken() >= RECIPIENTS // 10

    await eventually(some_have_left, PATIENCE)
    return broadcast


async def buried(system: System) -> dict[str, int]:
    """The dead queues that hold something."""
    environment = system.environment
    async with DeadQueues(environment.rabbitmq_url, environment.namespace) as dead:
        return {queue.name: queue.count for queue in await dead.find(with_schema())}
