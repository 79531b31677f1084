"""The open parts of one process of a service, typed and passed as one argument.

Each service has a class of its own, with what it alone opens::

    @dataclass
    class Running(running.Running[Settings]):
        carriers: Carriers = field(init=False)

:mod:`koinonia.common.runtime` makes it, opens everything in order and closes it in reverse. Fields
that are ``init=False`` are there from the first request or event on.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from koinonia.common import db
from koinonia.common.bus.publisher import Publisher
from koinonia.common.cache import Cache
from koinonia.common.event_texts import EventTexts
from koinonia.common.identity import Revocations, TokenVerifier
from koinonia.common.phone import Phones
from koinonia.common.settings import Settings

S = TypeVar("S", bound=Settings, covariant=True)


@dataclass
class Process(Generic[S]):
    """The open parts of any process: a service without a schema has no others."""

    settings: S
    verifier: TokenVerifier
    cache: Cache
    revocations: Revocations
    stop: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass
class Running(Process[S]):
    """The open parts of a process whose service has a schema and a place on the bus."""

    database: db.Database = field(init=False)
    replica: db.Database = field(init=False)
    phones: Phones = field(init=False)
    event_texts: EventTexts | None = field(init=False)
    publisher: Publisher = field(init=False)
