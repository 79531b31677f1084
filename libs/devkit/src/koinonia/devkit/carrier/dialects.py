"""How a carrier tells its customers what happened: one file for each, behind one protocol."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol
from uuid import uuid4

from koinonia.devkit.carrier.numbers import Order
from koinonia.devkit.carrier.texts import Inbound, Text

Call = tuple[dict[str, str], bytes]
"""The headers and the body of one call to a webhook."""


@dataclass(frozen=True, slots=True)
class News:
    """Something to tell. ``call`` makes each attempt from its address and number."""

    event: str  # message.sent, message.finalized, message.received, number_order.complete
    about: str  # the id of the text or order
    call: Callable[[str, int], Call] = field(repr=False)
    id: str = field(default_factory=lambda: str(uuid4()))


class Dialect(Protocol):
    """None where the carrier says nothing."""

    @property
    def keywords(self) -> Mapping[str, str]:
        """The words it answers itself: each is STOP, START or HELP."""
        ...

    def sent(self, text: Text) -> News | None: ...

    def finished(self, text: Text) -> News | None: ...

    def received(self, text: Inbound) -> News | None: ...

    def ordered(self, order: Order) -> News | None: ...
