"""Breaking parts of the running system, and making it whole again."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg

from koinonia.common.testing.servers import Servers
from koinonia.devkit.system import System

LEASE_SECONDS = 8
"""What the minute of a lease is shortened to once nothing is broken any more."""


def heal(servers: Servers, system: System) -> None:
    """Start whatever does not run, and wait until all is ready."""
    for server in servers.all:
        server.start()
    parts = system.environment.parts
    for name in parts:
        if not system.running(name):
            system.start_part(name)
    system.wait_until_ready(parts)


@contextmanager
def frozen(system: System, name: str) -> Iterator[None]:
    """A part that neither answers nor hangs up, as behind a cable that was pulled."""
    part = system.running(name)
    assert part
    os.kill(part.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(part.pid, signal.SIGCONT)


async def shorten_leases(database: asyncpg.Connection) -> None:
    """Let claims run out that are older than ``LEASE_SECONDS``; nobody works on them by then."""
    await database.execute(f"""
        UPDATE messaging.message_recipients SET lease_until = now()
         WHERE status = 'sending' AND updated_at < now() - interval '{LEASE_SECONDS} s'
           AND lease_until > now();
        UPDATE messaging.dispatch_batches SET due_at = now()
         WHERE state IN ('released', 'claimed') AND due_at > now()
           AND changed_at < now() - interval '{LEASE_SECONDS} s';
    """)
