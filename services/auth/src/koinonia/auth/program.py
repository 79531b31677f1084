"""The program of auth."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from koinonia import mail
from koinonia.auth import worker
from koinonia.auth.app import create_app
from koinonia.auth.keys import Keys
from koinonia.auth.macs import Macs
from koinonia.auth.passwords import Passwords
from koinonia.auth.running import Running
from koinonia.auth.settings import Settings
from koinonia.common import runtime
from koinonia.common.identity import TokenVerifier


@asynccontextmanager
async def opened(running: Running) -> AsyncIterator[None]:
    """Open what auth has beside the shared parts. Tokens are verified by its own table, not
    over HTTP."""
    settings = running.settings
    running.ring = settings.ring
    running.keys = Keys(running.database, running.ring, settings.signing_period)
    running.macs = Macs(settings.ring_keys)
    running.passwords = Passwords()
    running.verifier = TokenVerifier(running.keys.jwks)
    try:
        async with mail.opened(settings) as running.mailer:
            yield
    finally:
        await running.verifier.close()
        running.passwords.close()


PROGRAM = runtime.Program(
    "auth", Settings, Running, create_app, worker.SUBSCRIPTIONS, worker.LOOPS, open=opened
)
