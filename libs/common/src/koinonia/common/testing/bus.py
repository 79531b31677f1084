"""Exchanges and queues of one test, removed after it."""

import secrets
from collections.abc import Iterable

from koinonia.common.bus import topology
from koinonia.common.bus.connection import BusConnection
from koinonia.common.events.base import REGISTRY


def namespace() -> str:
    """A prefix that no other test has."""
    return f"t{secrets.token_hex(4)}."


async def clear(url: str, prefix: str, listeners: Iterable[str]) -> None:
    """Delete whatever ``listeners`` declared under ``prefix``.

    AMQP cannot list queues, so every queue that could be there is deleted; deleting one that is
    not there is no error.
    """
    connection = BusConnection(url, "tests")
    try:
        channel = await (await connection.open()).channel()
        pairs = [(listener, event) for listener in listeners for event in REGISTRY]
        await topology.delete(channel, topology.Names(prefix), pairs)
    finally:
        await connection.close()
