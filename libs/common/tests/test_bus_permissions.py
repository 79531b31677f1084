"""A service's own user on a real broker: what it needs it may, and nothing else."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from uuid import uuid4

import aio_pika
import pytest
from aio_pika.abc import AbstractChannel
from aio_pika.exceptions import AMQPError
from aiormq.exceptions import ChannelAccessRefused

from koinonia.common import bus
from koinonia.common.bus import permissions, streams, topology
from koinonia.common.bus.connection import BusConnection
from koinonia.common.bus.topology import LADDER
from koinonia.common.testing.servers import Servers

PASSWORD = "a pinch of salt"
HEARD = {"messaging": "spend.approved", "conversation": "reply.updated"}
LIVE = {"live": ("conversation.updated",)}

SignIn = Callable[[str], Awaitable[AbstractChannel]]


@pytest.fixture
async def names(servers: Servers, bus_namespace: str) -> bus.Names:
    """Of a bus on which the services' queues are declared and their users made."""
    names, connection = bus.Names(bus_namespace), BusConnection(servers.rabbitmq_url, "owner")
    channel = await (await connection.open()).channel()
    for listener, event in HEARD.items():
        await bus.declare(channel, names, listener, [event])
    await connection.close()
    assert servers.rabbitmq_management_url, "name the broker's KOINONIA_RABBITMQ_MANAGEMENT_URL"
    for service in (*HEARD, "gateway", "billing"):
        allowed = permissions.of_service(service, names, LIVE if service == "gateway" else None)
        await permissions.grant(
            servers.rabbitmq_management_url, servers.rabbitmq_url, allowed, PASSWORD
        )
    return names


@pytest.fixture
async def channel_of(servers: Servers, names: bus.Names) -> AsyncIterator[SignIn]:
    """A channel of the service's user: ``await channel_of("messaging")``."""
    async with AsyncExitStack() as stack:

        async def sign_in(service: str) -> AbstractChannel:
            who = permissions.user(service, names)
            url = permissions.user_url(servers.rabbitmq_url, who, PASSWORD)
            connection = await stack.enter_async_context(await aio_pika.connect(url, timeout=10))
            return await connection.channel()

        yield sign_in


async def published(channel: AbstractChannel, exchange: str, key: str) -> bool:
    """Whether the broker took it."""
    message = aio_pika.Message(b"{}", message_id=str(uuid4()))
    found = (
        await channel.get_exchange(exchange, ensure=False) if exchange else channel.default_exchange
    )
    try:
        await found.publish(message, key, mandatory=False, timeout=10)
    except AMQPError:
        return False
    return True


async def taken(channel: AbstractChannel, queue: str) -> bool:
    """Whether the broker lets one take from it."""
    try:
        await (await channel.get_queue(queue, ensure=False)).get(fail=False)
    except ChannelAccessRefused:
        return False
    return True


async def test_a_service_reads_its_own_queues_and_no_others(
    names: bus.Names, channel_of: SignIn
) -> None:
    own = names.queue("messaging", HEARD["messaging"])
    assert await taken(await channel_of("messaging"), own)
    for service in ("conversation", "billing", "gateway"):
        assert not await taken(await channel_of(service), own)
        assert not await taken(await channel_of(service), names.dead(own))


async def test_a_service_publishes_its_own_events_and_no_others(
    names: bus.Names, channel_of: SignIn
) -> None:
    assert await published(await channel_of("billing"), names.events, "spend.approved")
    for service in ("messaging", "conversation", "gateway"):
        assert not await published(await channel_of(service), names.events, "spend.approved")


@pytest.mark.parametrize(
    ("exchange", "key"),
    [
        ("", "{ns}messaging.spend.approved"),
        ("koinonia.dead", "{ns}messaging.spend.approved.dead"),
        ("koinonia.buried", "{ns}messaging.spend.approved.dead"),
        ("koinonia.again.1s", "{ns}messaging.spend.approved"),
        ("koinonia.events", "spend.approved.and.more"),
        ("koinonia.live", "stream.mark"),
        ("amq.topic", "spend.approved"),
    ],
)
async def test_there_is_no_way_round_to_the_queue_of_another(
    names: bus.Names, channel_of: SignIn, exchange: str, key: str
) -> None:
    full = f"{names.namespace}{exchange}" if exchange.startswith("koinonia") else exchange
    channel = await channel_of("conversation")
    assert not await published(channel, full, key.format(ns=names.namespace))


async def test_a_service_retries_and_buries_what_was_its_own(
    names: bus.Names, channel_of: SignIn
) -> None:
    channel, own = await channel_of("conversation"), names.queue("conversation", "reply.updated")
    for seconds in LADDER:
        assert await published(channel, names.again(seconds), own)
    assert await published(channel, names.buried, names.dead(own))


@pytest.mark.parametrize("service", ["messaging", "gateway"])
async def test_a_service_declares_and_deletes_nothing_of_others(
    names: bus.Names, channel_of: SignIn, service: str
) -> None:
    for attempt in (
        lambda channel: channel.declare_queue(names.queue("messaging", "mine"), durable=True),
        lambda channel: channel.declare_exchange(f"{names.namespace}mine"),
        lambda channel: channel.queue_delete(names.queue("conversation", "reply.updated")),
        lambda channel: channel.exchange_delete(names.events),
    ):
        with pytest.raises(ChannelAccessRefused):
            await attempt(await channel_of(service))


async def test_the_gateway_follows_what_it_shows_and_no_other_event(
    names: bus.Names, channel_of: SignIn
) -> None:
    channel = await channel_of("gateway")
    queue = await streams.declare_stream(channel, names, "live", LIVE["live"])
    with pytest.raises(ChannelAccessRefused):
        await queue.bind(names.events, routing_key="spend.approved")


async def test_a_service_that_finds_its_queues_consumes_under_its_own_user(
    servers: Servers, names: bus.Names
) -> None:
    url = permissions.user_url(servers.rabbitmq_url, permissions.user("messaging", names), PASSWORD)
    connection = BusConnection(url, "messaging")
    opened = await connection.open()
    await topology.declare_missing(opened, names, "messaging", [HEARD["messaging"]])
    with pytest.raises(ChannelAccessRefused):
        await topology.declare_missing(opened, names, "messaging", ["another.event"])
    await connection.close()


async def test_a_password_is_replaced_and_rights_are_what_they_are_now(
    servers: Servers, names: bus.Names
) -> None:
    allowed = permissions.of_service("billing", names)
    assert servers.rabbitmq_management_url
    await permissions.grant(
        servers.rabbitmq_management_url, servers.rabbitmq_url, allowed, "another pinch"
    )
    url = permissions.user_url(servers.rabbitmq_url, allowed.user, PASSWORD)
    with pytest.raises(AMQPError):
        async with asyncio.timeout(10):
            await aio_pika.connect(url)


def test_rabbitmqctl_is_told_the_same() -> None:
    said = permissions.commands(permissions.of_service("analytics", bus.Names()))
    assert said[0] == "rabbitmqctl add_user koinonia_analytics"
    assert "set_permissions koinonia_analytics '^$' '^(koinonia\\.events|" in said[1]
    assert "set_topic_permissions koinonia_analytics koinonia.events '^$' '^$'" in said[2]
    assert len(said) == 4 + len(LADDER)
