"""Carriers: one package each, both directions: send, verify, parse.

``CARRIERS`` says which there are. A carrier is opened for the life of a process::

    async with CARRIERS["telnyx"].open(settings) as carrier:
        accepted = await carrier.send(text)

    async with open_all(settings) as carriers:  # every one that is configured, by name
        accepted = await carriers["telnyx"].send(text)
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

from koinonia.carriers.contract import Carrier
from koinonia.carriers.table import Table
from koinonia.carriers.telnyx import TELNYX
from koinonia.carriers.twilio import TWILIO
from koinonia.common.settings import Settings

CARRIERS = Table(TELNYX, TWILIO)
"""One row for each carrier. The first one orders new numbers unless ``KOINONIA_CARRIER`` is set."""


def configured(settings: Settings) -> tuple[str, ...]:
    """The names of the carriers this installation has an account with."""
    return tuple(name for name, each in CARRIERS.items() if each.is_configured(settings))


@asynccontextmanager
async def open_all(settings: Settings) -> AsyncIterator[Mapping[str, Carrier]]:
    """The configured carriers by name."""
    async with AsyncExitStack() as stack:
        yield {
            name: await stack.enter_async_context(CARRIERS[name].open(settings))
            for name in configured(settings)
        }
