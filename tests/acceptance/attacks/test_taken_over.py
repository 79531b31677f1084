"""A16: somebody has taken over one service, with all that it signs in with."""

from contextlib import AsyncExitStack

import aio_pika
import asyncpg
import pytest
from aio_pika.abc import AbstractChannel
from aiormq.exceptions import AMQPError, ChannelAccessRefused

from koinonia.common.bus import Names
from koinonia.common.events.base import REGISTRY
from koinonia.devkit.layout import SERVICES, program, with_schema
from koinonia.devkit.system import System


@pytest.mark.parametrize("service", SERVICES)
async def test_who_took_over_one_service_reads_no_queue_of_another(
    system: System, service: str
) -> None:
    names, readable = Names(system.environment.namespace), []
    queues = [
        (other, names.queue(other, subscription.event.name))
        for other in SERVICES
        for subscription in program(other).subscriptions
    ]
    async with AsyncExitStack() as stack:
        connection = await _broker(system, service, stack)
        for other, queue in queues:
            if other != service:
                readable += [
                    name
                    for name in (queue, names.dead(queue))
                    if await _is_readable(await connection.channel(), name)
                ]
    assert len(queues) > 30
    assert readable == []


@pytest.mark.parametrize("service", SERVICES)
async def test_who_took_over_one_service_speaks_for_no_other(system: System, service: str) -> None:
    names = Names(system.environment.namespace)
    async with AsyncExitStack() as stack:
        connection = await _broker(system, service, stack)
        taken = [
            name
            for name, event in REGISTRY.items()
            if event.owner != service
            and await _is_taken(await connection.channel(), names.events, name)
        ]
    assert taken == []


@pytest.mark.parametrize("service", with_schema())
async def test_who_took_over_one_service_reads_no_table_of_another(
    system: System, service: str
) -> None:
    url = system.environment.variables(service)["KOINONIA_DATABASE_URL"]
    connection = await asyncpg.connect(url, timeout=10)
    try:
        readable = await connection.fetchval(
            """
            SELECT array_agg(c.oid::regclass::text) FROM pg_class c
              JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = ANY($1::text[]) AND c.relkind IN ('r', 'p', 'v', 'm')
               AND has_table_privilege(c.oid, 'SELECT, INSERT, UPDATE, DELETE')
            """,
            [other for other in with_schema() if other != service],
        )
    finally:
        await connection.close()
    assert readable is None


async def _broker(
    system: System, service: str, stack: AsyncExitStack
) -> aio_pika.abc.AbstractConnection:
    """A connection as the service opens it."""
    url = system.environment.variables(service)["KOINONIA_RABBITMQ_URL"]
    return await stack.enter_async_context(await aio_pika.connect(url, timeout=10))


async def _is_readable(channel: AbstractChannel, queue: str) -> bool:
    try:
        await (await channel.get_queue(queue, ensure=False)).get(fail=False)
    except ChannelAccessRefused:
        return False
    return True


async def _is_taken(channel: AbstractChannel, exchange: str, event: str) -> bool:
    """Whether the broker takes an event of that name."""
    found = await channel.get_exchange(exchange, ensure=False)
    try:
        await found.publish(aio_pika.Message(b"{}"), event, mandatory=False, timeout=10)
    except AMQPError:
        return False
    return True
