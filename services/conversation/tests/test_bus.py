"""The whole way, through the real broker."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx
import pytest_asyncio

from koinonia.common import db
from koinonia.common.bus import Envelope
from koinonia.common.events import Event
from koinonia.common.events.messaging import DeliveryStatus
from koinonia.common.runtime import Running
from koinonia.common.testing import probe, service
from koinonia.common.testing.databases import Databases
from koinonia.common.testing.eventually import eventually
from koinonia.conversation.program import PROGRAM

from .factories import joined, member, progressed, text, understood


@pytest_asyncio.fixture
async def running(
    databases: Databases, redis_url: str, rabbitmq_url: str, bus_namespace: str
) -> AsyncIterator[Running]:
    servers = {
        "redis_url": redis_url,
        "rabbitmq_url": rabbitmq_url,
        "bus_namespace": bus_namespace,
    }
    async with service.opened(PROGRAM, databases, servers) as opened:
        yield opened


async def test_a_text_its_name_its_keyword_and_the_report_of_its_reply_come_through_the_bus(
    running: Running, api: httpx.AsyncClient, church_id: UUID
) -> None:
    async def item() -> Any:
        data = (await api.get("/api/conversations")).json()["data"]
        answered = data and data[0]["lastMessage"]["direction"] == "outbound"
        return data[0] if answered and data[0]["member"] else None

    async def delivered() -> bool:
        return bool((await item())["lastMessage"]["status"] == "delivered")

    inbound = text("Is there parking?")
    meaning = understood(church_id, inbound, meaning="keyword", answer="Behind the hall.")
    async with service.listening(PROGRAM, running) as publisher:
        await publisher.publish(sealed(meaning, inbound, inbound))
        await publisher.publish(sealed(joined(church_id, member(church_id))))
        thread = await eventually(item, within=15)
        assert (thread["unreadCount"], thread["lastMessage"]["content"]) == (1, "Behind the hall.")
        answer = await api.post(f"/api/conversations/{thread['id']}/reply", json={"content": "Yes"})
        reply_id = UUID(answer.json()["id"])
        report = progressed(church_id, reply_id, DeliveryStatus.DELIVERED)
        await publisher.publish(sealed(report))
        assert await eventually(delivered, within=15)


async def test_what_was_said_leaves_the_outbox(
    running: Running, api: httpx.AsyncClient, database: db.Database, thread_id: UUID
) -> None:
    async def is_empty() -> bool:
        async with database.transaction() as session:
            return not await probe.rows(session, "SELECT 1 FROM outbox")

    await api.post(f"/api/conversations/{thread_id}/reply", json={"content": "Yes"})
    async with service.listening(PROGRAM, running):
        assert await eventually(is_empty, within=15)


def sealed(*events: Event) -> list[Envelope]:
    return [Envelope.from_event(event) for event in events]
