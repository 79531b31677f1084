"""Many messages acknowledged by one frame: none too early, none for ever."""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import bus, db
from koinonia.common.bus import Envelope
from koinonia.common.events.billing import SpendApproved
from koinonia.common.testing.eventually import eventually

from .consumers import approved, consuming, effects, queue_length

COUNT, SIZE = 60, 5


class Slow:
    """Notes every event. Batches that hold ``first`` wait until told; ``bad`` fails once alone."""

    def __init__(self, first: UUID, bad: UUID) -> None:
        self.first, self.bad = first, bad
        self.go_on = asyncio.Event()
        self.failed = False

    async def apply(self, session: AsyncSession, events: Sequence[SpendApproved]) -> None:
        ids = [event.message_id for event in events]
        if self.first in ids:
            await self.go_on.wait()
        if self.bad in ids and not self.failed:
            self.failed = len(ids) == 1
            raise RuntimeError("not this one")
        await db.run(
            session,
            "INSERT INTO effects (event_id) SELECT unnest(CAST(:ids AS uuid[]))",
            {"ids": ids},
        )


async def test_batches_that_end_in_any_order_are_acknowledged_when_all_before_are_done(
    rabbitmq_url: str, bus_namespace: str, sample: db.Database
) -> None:
    queue = f"{bus_namespace}sample.spend.approved"
    events = [approved() for _ in range(COUNT)]
    slow = Slow(events[0].message_id, events[COUNT // 2].message_id)
    reaction = bus.on_batch(SpendApproved, slow.apply, size=SIZE, within=0.05, concurrency=3)
    async with consuming(rabbitmq_url, bus_namespace, sample, reaction) as publisher:
        await publisher.publish([Envelope.from_event(event) for event in events])
        await eventually(lambda: _applied(sample, 2 * SIZE), within=10)
        slow.go_on.set()
        await eventually(lambda: _applied(sample, COUNT), within=15)
    assert sorted(await effects(sample)) == sorted(event.message_id for event in events)
    assert await queue_length(rabbitmq_url, queue) == 0  # unacknowledged ones would be back


async def test_a_batch_that_takes_too_long_comes_again_and_holds_nothing_back(
    rabbitmq_url: str, bus_namespace: str, sample: db.Database
) -> None:
    events = [approved() for _ in range(2 * SIZE)]
    slow = Slow(events[0].message_id, bad=UUID(int=0))
    reaction = bus.on_batch(
        SpendApproved, slow.apply, size=SIZE, within=0.05, concurrency=2, timeout=0.5
    )
    async with consuming(rabbitmq_url, bus_namespace, sample, reaction) as publisher:
        await publisher.publish([Envelope.from_event(event) for event in events])
        await eventually(lambda: _applied(sample, SIZE), within=10)
    slow.go_on.set()
    async with consuming(rabbitmq_url, bus_namespace, sample, reaction):
        await eventually(lambda: _applied(sample, 2 * SIZE), within=15)
    assert sorted(await effects(sample)) == sorted(event.message_id for event in events)


async def test_one_that_comes_alone_is_applied_at_once_and_those_that_follow_share_a_call(
    rabbitmq_url: str, bus_namespace: str, sample: db.Database
) -> None:
    calls: list[list[UUID]] = []

    async def apply(_: Any, session: AsyncSession, given: Sequence[SpendApproved]) -> None:
        ids = [event.message_id for event in given]
        calls.append(ids)
        await db.run(
            session,
            "INSERT INTO effects (event_id) SELECT unnest(CAST(:ids AS uuid[]))",
            {"ids": ids},
        )

    first, *later = (approved() for _ in range(COUNT))
    reaction = bus.on_burst(SpendApproved, apply, size=COUNT, apart=1.0)
    async with consuming(rabbitmq_url, bus_namespace, sample, reaction) as publisher:
        await publisher.publish([Envelope.from_event(first)])
        await eventually(lambda: _applied(sample, 1), within=0.9)  # and not after ``apart``
        await publisher.publish([Envelope.from_event(event) for event in later])
        await eventually(lambda: _applied(sample, COUNT), within=10)
    assert [len(each) for each in calls] == [1, COUNT - 1]


async def _applied(database: db.Database, count: int) -> Any:
    return len(await effects(database)) >= count
