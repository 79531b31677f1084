"""Exchanges and queues of one test, removed after it."""

import secrets
from collections.abc import Iterable

from aio_pika.abc import AbstractChannel
from aio_pika.exceptions import ChannelNotFoundEntity

from koinonia.common.bus import topology
from koinonia.common.bus.connection import BusConnection
from koinonia.common.events.base import REGISTRY


def namespace() -> str:
    """A prefix that no other test has."""
    return f"t{secrets.token_hex(4)}."


async def clear(url: str, prefix: str, listeners: Iterable[str]) -> None:
    """Delete whatever ``listeners`` declared under ``prefix``; of most tests that is nothing.

    AMQP cannot list queues, so every queue that could be there is deleted; deleting one that is
    not there is no error.
    """
    names, connection = topology.Names(prefix), BusConnection(url, "tests")
    try:
        opened = await connection.open()
        if await _is_declared(await opened.channel(), names):
            pairs = [(listener, event) for listener in listeners for event in REGISTRY]
            await topology.delete(await opened.channel(), names, pairs)
    finally:
        await connection.close()


async def _is_declared(channel: AbstractChannel, names: topology.Names) -> bool:
    """Whoever declares anything begins with the exchange of events."""
    try:
        await channel.get_exchange(names.events)
    except ChannelNotFoundEntity:
        return False
    return True
