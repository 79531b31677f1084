"""Somebody who hears every ``delivery.updated`` and knows what may follow on what."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from koinonia.common.bus import Consumer, effect
from koinonia.common.events.messaging import DeliveryStatus, DeliveryUpdated
from koinonia.common.testing.eventually import eventually

LISTENER = "acceptance"


@dataclass
class Watcher:
    """What was heard of each text last, and what was wrong, by church."""

    last: dict[UUID, DeliveryStatus] = field(default_factory=dict)
    heard: set[UUID] = field(default_factory=set)
    wrong: defaultdict[UUID, list[str]] = field(default_factory=lambda: defaultdict(list))

    async def note(self, _: Any, event: DeliveryUpdated) -> None:
        """A relay may publish an event twice; it says the same again."""
        if event.id in self.heard:
            return
        self.heard.add(event.id)
        for change in event.changes:
            before = self.last.get(change.recipient_id, DeliveryStatus.PENDING)
            said = f"recipient {change.recipient_id}: {change.previous} to {change.status}"
            if change.previous != before:
                self.wrong[event.church_id].append(f"{said} was told after {before}")
            if change.status.rank <= change.previous.rank:
                self.wrong[event.church_id].append(f"{said} goes back")
            self.last[change.recipient_id] = change.status


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
            await eventually(lambda: consumer.is_consuming, within=10)
            yield watcher
        finally:
            stop.set()
