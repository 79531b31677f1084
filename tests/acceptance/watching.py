"""Somebody who hears every ``delivery.updated``: what was told of a text must be one way up."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from koinonia.common.bus import Consumer, effect
from koinonia.common.events.messaging import DeliveryStatus, DeliveryUpdated
from koinonia.common.testing.eventually import eventually
from koinonia.devkit.carrier.verification.books import Row

LISTENER = "acceptance"

Step = tuple[DeliveryStatus, DeliveryStatus]
"""From where to where."""


@dataclass
class Watcher:
    """Every step of every text, once: an event that comes twice says the same again, and a step
    that was told late is still a step."""

    heard: set[UUID] = field(default_factory=set)
    steps: defaultdict[UUID, list[Step]] = field(default_factory=lambda: defaultdict(list))

    async def note(self, _: Any, event: DeliveryUpdated) -> None:
        if event.id not in self.heard:
            self.heard.add(event.id)
            for change in event.changes:
                self.steps[change.recipient_id].append((change.previous, change.status))

    def wrong(self, row: Row) -> Iterator[str]:
        """What of a text's steps is no way from ``pending`` up to where it is now."""
        here = DeliveryStatus.PENDING
        for previous, status in sorted(self.steps[row.id], key=lambda step: step[1].rank):
            if previous != here or status.rank <= previous.rank:
                yield f"recipient {row.id}: {previous} to {status} was told, it was {here}"
            here = status
        if here != row.status:
            yield f"recipient {row.id}: {row.status}, while {here} was told last"


@asynccontextmanager
async def watching(settings: Any) -> AsyncIterator[Watcher]:
    watcher, stop = Watcher(), asyncio.Event()
    consumer = Consumer(
        settings.rabbitmq_url.get_secret_value(),
        LISTENER,
        (effect(DeliveryUpdated, watcher.note, concurrency=1),),
        None,
        namespace=settings.bus_namespace,
    )
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(consumer.run(stop))
        try:
            await eventually(lambda: consumer.is_consuming, within=60)
            yield watcher
        finally:
            stop.set()
