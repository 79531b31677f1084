"""A row of the table of carriers: everything that others must know of a carrier.

``koinonia.carriers`` names the carriers of this tree. Another distribution adds one by an entry
point of the group ``koinonia.carriers``, whose object is a :class:`Definition`::

    [project.entry-points."koinonia.carriers"]
    acme = "acme_texts:CARRIER"
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

from koinonia.carriers.contract import Carrier
from koinonia.common import packages
from koinonia.common.settings import Settings

GROUP = "koinonia.carriers"
WEBHOOKS = "/api/webhooks"

# Covariant, although `configured` and `opened` take it: `Definition` checks what it gives them.
S_co = TypeVar("S_co", bound=Settings, covariant=True)


@dataclass(frozen=True, slots=True)
class FixedAnswer:
    """The same answer to every call that was taken; without a media type it has no body."""

    status: int
    media_type: str | None = None
    body: str = ""


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that the carrier calls, ``/api/webhooks/<carrier>/<path>``.

    ``answer``: what the carrier expects to read. None: it looks at the status only; then the answer
    is 200 and says how many events were received and understood.
    """

    path: str
    answer: FixedAnswer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition(Generic[S_co]):
    """One carrier. ``settings`` is mixed into those of every service that speaks with carriers."""

    name: str  # in addresses, rows and metrics; never changed
    settings: type[S_co]
    configured: Callable[[S_co], bool]  # whether there is an account
    opened: Callable[[S_co], AbstractAsyncContextManager[Carrier]]
    reports: Webhook  # about sent texts
    texts: Webhook  # from people, and whatever else concerns a profile

    @property
    def reports_path(self) -> str:
        return f"{WEBHOOKS}/{self.name}/{self.reports.path}"

    @property
    def texts_path(self) -> str:
        return f"{WEBHOOKS}/{self.name}/{self.texts.path}"

    def is_configured(self, settings: Settings) -> bool:
        """Whether this installation has an account with the carrier."""
        return self.configured(self._own(settings))

    def open(self, settings: Settings) -> AbstractAsyncContextManager[Carrier]:
        """The carrier, until the block ends. Raises ``ValueError`` where there is no account."""
        return self.opened(self._own(settings))

    def _own(self, settings: Settings) -> S_co:
        if not isinstance(settings, self.settings):
            raise TypeError(f"{type(settings).__name__} lacks the settings of {self.name}.")
        return settings


class Table(Mapping[str, Definition[Settings]]):
    """All carriers by name: those of this tree, in order, then those of other distributions.

    The latter are loaded when somebody looks, because they import this package. Looking raises
    ``ValueError`` for a second carrier of one name, and whatever an entry point raises: a process
    without a carrier that is installed would lose its reports.
    """

    def __init__(self, *own: Definition[Settings]) -> None:
        self._own = own

    @cached_property
    def _carriers(self) -> dict[str, Definition[Settings]]:
        carriers: dict[str, Definition[Settings]] = {}
        for carrier in (*self._own, *(point.load() for point in packages.declared(GROUP))):
            if carrier.name in carriers:
                raise ValueError(f"There are two carriers called {carrier.name}. Remove one.")
            carriers[carrier.name] = carrier
        return carriers

    def __getitem__(self, name: str) -> Definition[Settings]:
        return self._carriers[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._carriers)

    def __len__(self) -> int:
        return len(self._carriers)
