"""One file per carrier, both directions: send, verify, parse.

``CARRIERS`` says which there are. A carrier is opened for the life of a process::

    async with CARRIERS["telnyx"](settings) as carrier:
        accepted = await carrier.send(text)
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager

from koinonia.carriers.contract import Carrier
from koinonia.carriers.settings import TelnyxSettings
from koinonia.carriers.telnyx import Telnyx

CARRIERS: Mapping[str, Callable[[TelnyxSettings], AbstractAsyncContextManager[Carrier]]] = {
    Telnyx.name: Telnyx.open,
}
