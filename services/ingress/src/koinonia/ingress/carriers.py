"""The carriers that may call us, open for the life of the process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from koinonia.carriers import open_all
from koinonia.carriers.contract import Carrier
from koinonia.common.errors import NotFound
from koinonia.ingress.failed_calls import FailedCalls
from koinonia.ingress.running import Running


class NotConfigured(NotFound):
    code = "CARRIER_NOT_CONFIGURED"
    message = "This system has no account with that carrier. Remove the webhook from your account."


@asynccontextmanager
async def opened(running: Running) -> AsyncIterator[None]:
    """``running.carriers``, each configured carrier by name, and ``running.failed_calls``."""
    running.failed_calls = FailedCalls(running.settings.webhook_failures_per_minute)
    async with open_all(running.settings) as running.carriers:
        yield


def expected(running: Running, name: str) -> Carrier:
    """The carrier that calls. Raises ``NotConfigured``."""
    carrier = running.carriers.get(name)
    if carrier is None:
        raise NotConfigured
    return carrier
