"""How a carrier reports what happened: one dialect for each, behind one protocol."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import uuid4

from koinonia.devkit.carrier.state.numbers import Order
from koinonia.devkit.carrier.state.texts import Inbound, Text

Call = tuple[dict[str, str], bytes]
"""The headers and the body of one call to a webhook."""

Body = dict[str, Any]  # Any: its values, nested ones too, become what a twist makes of them


@dataclass(frozen=True, slots=True)
class Notification:
    """Something to report. ``call`` makes each attempt from its address and number."""

    event: str  # message.sent, message.finalized, message.received, number_order.complete
    about: str  # the id of the text or order
    call: Callable[[str, int], Call] = field(repr=False)
    id: str = field(default_factory=lambda: str(uuid4()))


@dataclass(frozen=True, slots=True)
class Twist:
    """One way in which a report is unlike the documentation. ``hides``: of status, parts and cost,
    what its reader may no longer be able to tell."""

    name: str
    change: Callable[[Body], object] = field(repr=False)
    hides: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Oddities:
    """The twists of a dialect: understandable ones, those of the cost, those that leave nothing to
    understand, and events of a kind that does not exist."""

    odd: Sequence[Twist]
    costs: Sequence[Twist]
    illegible: Sequence[Twist]
    unknown: Sequence[Twist]

    @property
    def all(self) -> Sequence[Twist]:
        return (*self.odd, *self.costs, *self.illegible, *self.unknown)


class Dialect(Protocol):
    """The reports are None where the carrier says nothing."""

    @property
    def name(self) -> str:
        """That of the carrier in ``koinonia.carriers``."""
        ...

    @property
    def oddities(self) -> Oddities: ...

    @property
    def tells_cost(self) -> bool:
        """Whether its reports say how many parts a text has and what it costs."""
        ...

    @property
    def keywords(self) -> Mapping[str, str]:
        """The words it answers itself: each is STOP, START or HELP."""
        ...

    def sent(self, text: Text, twists: Sequence[Twist] = ()) -> Notification | None: ...

    def finished(self, text: Text, twists: Sequence[Twist] = ()) -> Notification | None: ...

    def received(self, text: Inbound) -> Notification | None: ...

    def ordered(self, order: Order) -> Notification | None: ...
