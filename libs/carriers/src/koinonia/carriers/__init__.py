"""One file per carrier, both directions: send, verify, parse.

``CARRIERS`` says which there are. A carrier is opened for the life of a process::

    async with CARRIERS["telnyx"](settings) as carrier:
        accepted = await carrier.send(text)

    async with open_all(settings) as carriers:  # every one that is configured, by name
        accepted = await carriers["telnyx"].send(text)
"""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

from koinonia.carriers.contract import Carrier
from koinonia.carriers.settings import CarrierSettings
from koinonia.carriers.telnyx import Telnyx
from koinonia.carriers.twilio import Twilio

CARRIERS: Mapping[str, Callable[[CarrierSettings], AbstractAsyncContextManager[Carrier]]] = {
    Telnyx.name: Telnyx.open,
    Twilio.name: Twilio.open,
}


def configured(settings: CarrierSettings) -> tuple[str, ...]:
    """The names of the carriers this installation has an account with."""
    return tuple(each.name for each in (Telnyx, Twilio) if each.is_configured(settings))


@asynccontextmanager
async def open_all(settings: CarrierSettings) -> AsyncIterator[Mapping[str, Carrier]]:
    """The configured carriers by name."""
    async with AsyncExitStack() as stack:
        yield {
            name: await stack.enter_async_context(CARRIERS[name](settings))
            for name in configured(settings)
        }
