"""A14: somebody who reads all that passes the broker."""

import asyncio
from collections.abc import AsyncIterator

import aio_pika
import pytest_asyncio
from tests.integration.network import Network

from koinonia.common.bus import Names
from koinonia.common.testing.eventually import eventually
from koinonia.common.testing.phones import phone
from koinonia.common.testing.servers import Servers
from koinonia.devkit.system import System

from .conftest import Founded

ASKED, ANSWERED = "Is Ruth out of hospital?", "She came home this morning."
LINK = "https://files.example.org/ruth.jpg"
KINDS = {"carrier.message_received", "text.understood", "conversation.updated", "reply.requested"}


@pytest_asyncio.fixture(loop_scope="session")
async def passing(system: System, servers: Servers) -> AsyncIterator[list[tuple[str, bytes]]]:
    """Name and body of every event, as it passes."""
    seen: list[tuple[str, bytes]] = []

    async def read(message: aio_pika.abc.AbstractIncomingMessage) -> None:
        seen.append((message.type or "", message.body))

    async with await aio_pika.connect(servers.rabbitmq_url, timeout=10) as connection:
        channel = await connection.channel()
        queue = await channel.declare_queue(exclusive=True)
        await queue.bind(Names(system.environment.namespace).events, routing_key="#")
        await queue.consume(read, no_ack=True)
        yield seen


async def test_what_people_write_lies_open_nowhere_on_the_broker(
    found: Founded, phones: Network, passing: list[tuple[str, bytes]]
) -> None:
    church, person = await found(number=True), phone(9400)
    await phones.text(person, church.number, ASKED, LINK)
    thread = await church.conversation_with(person)
    path = f"/api/conversations/{thread['id']}"
    answer = await church.api.post(f"{path}/reply", json={"content": ANSWERED})
    assert answer.status_code == 202
    await eventually(lambda: {name for name, _ in passing} >= KINDS, 10)

    async def arrived() -> bool:
        await asyncio.sleep(0.1)  # the church may ask ten times a second
        return ANSWERED in await phones.texts(person)

    await eventually(arrived, 15)
    shown = [line["content"] for line in (await church.get(path))["messages"]]
    assert sorted(shown) == sorted([ASKED, ANSWERED])
    whole = b"".join(body for _, body in passing)
    assert [each for each in (ASKED, ANSWERED, LINK, person) if each.encode() in whole] == []
