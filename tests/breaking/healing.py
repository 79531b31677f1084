"""Breaking parts of the running system, and making it whole again."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import asyncpg

from koinonia.common.testing.servers import Servers
from koinonia.devkit.system import System

from .sizes import LEASE_SECONDS

ASK_SECONDS = 10.0  # as often as messages are looked after


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
    """Let claims run out that are older than ``LEASE_SECONDS``; nobody works on them by then.

    Texts and batches in transactions of their own, because workers lock a batch before its texts.
    """
    if LEASE_SECONDS is None:
        return
    await database.execute(f"""
        WITH held AS (
            SELECT id FROM messaging.message_recipients
             WHERE status = 'sending' AND updated_at < now() - interval '{LEASE_SECONDS} s'
               AND lease_until > now()
             ORDER BY id FOR NO KEY UPDATE)
        UPDATE messaging.message_recipients r SET lease_until = now()
          FROM held WHERE r.id = held.id
    """)
    await database.execute(f"""
        UPDATE messaging.dispatch_batches SET due_at = now()
         WHERE state IN ('released', 'claimed') AND due_at > now()
           AND changed_at < now() - interval '{LEASE_SECONDS} s';
    """)


@asynccontextmanager
async def let_time_pass(database: asyncpg.Connection) -> AsyncIterator[None]:
    """A quarter of an hour for what has not been reported, again and again: it is asked about."""

    async def pass_on() -> None:
        while True:
            await database.execute("""
                WITH held AS (
                    SELECT id FROM messaging.message_recipients
                     WHERE status IN ('sending', 'sent') AND carrier_message_id IS NOT NULL
                     ORDER BY id FOR NO KEY UPDATE)
                UPDATE messaging.message_recipients r
                   SET sent_at = sent_at - interval '20 min', look_at = NULL
                  FROM held WHERE r.id = held.id
            """)
            await database.execute("UPDATE messaging.open_messages SET look_at = now()")
            await asyncio.sleep(ASK_SECONDS)  # until it is cancelled

    passing = asyncio.create_task(pass_on())
    try:
        yield
    finally:
        passing.cancel()
        await asyncio.gather(passing, return_exceptions=True)
