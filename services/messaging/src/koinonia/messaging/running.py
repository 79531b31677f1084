"""What a process of messaging holds open."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from koinonia.carriers.contract import Carrier
from koinonia.common import running
from koinonia.common.leases.workers import Worker
from koinonia.common.throttle import Throttle
from koinonia.messaging.lanes import Lanes
from koinonia.messaging.settings import Settings


@dataclass
class Running(running.Running[Settings]):
    """Beside what every service with a schema has: every configured carrier by name, and what
    limits calls to them: lanes how many at one time, the throttle how many in a second. Batches are
    claimed under the id of the worker. Whoever makes a page of an export holds the turn."""

    carriers: Mapping[str, Carrier] = field(init=False)
    lanes: Lanes = field(init=False)
    throttle: Throttle = field(init=False)
    worker: Worker = field(init=False)
    export_turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))
