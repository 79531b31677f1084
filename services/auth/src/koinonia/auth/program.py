"""Auth as a process: what it opens and what it runs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from koinonia.auth import worker
from koinonia.auth.app import create_app
from koinonia.auth.keys import Keys
from koinonia.auth.passwords import Passwords
from koinonia.auth.running import Parts, Running
from koinonia.auth.settings import Settings
from koinonia.common import runtime
from koinonia.common.identity import TokenVerifier


@asynccontextmanager
async def parts(running: Running) -> AsyncIterator[None]:
    """Opens ``running.parts``; tokens are verified by auth's own table, not over HTTP."""
    settings = running.settings
    keys = Keys(running.database, settings.ring, settings.signing_period)
    passwords = Passwords()
    running.parts = Parts(running.database, running.revocations, keys, passwords)
    running.verifier = TokenVerifier(keys.jwks)
    try:
        yield
    finally:
        await running.verifier.close()
        passwords.close()


PROGRAM = runtime.Program(
    "auth", Settings, Running, create_app, worker.SUBSCRIPTIONS, worker.LOOPS, open=parts
)
