"""The open parts of a process of integrations."""

import asyncio
from dataclasses import dataclass, field

from koinonia.common import running
from koinonia.integrations.calls import Caller
from koinonia.integrations.settings import Settings


@dataclass
class Running(running.Running[Settings]):
    """``due`` is set when deliveries were queued by this process."""

    caller: Caller = field(init=False)
    due: asyncio.Event = field(default_factory=asyncio.Event)

    async def wake_deliveries(self) -> None:
        self.due.set()
