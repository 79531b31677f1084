"""Nothing is sent faster than its carrier, number, campaign and church allow, whoever sends it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from koinonia.common import db
from koinonia.common.testing.eventually import eventually
from koinonia.common.throttle import Bucket, DailyCap, Throttle
from koinonia.devkit.carrier.unlimited import UNLIMITED
from koinonia.messaging.broadcasts.sending import batch_results, claims, dispatch, pace
from koinonia.messaging.broadcasts.sending.call_failures import Retry, Why
from koinonia.messaging.messages import batches
from koinonia.messaging.numbers import rates
from koinonia.messaging.numbers.rates import Rates

from .line import Line
from .stage import Stage

SLACK_SECONDS = 0.25  # from a turn to the carrier's own clock, on a busy machine


@pytest_asyncio.fixture(autouse=True)
async def no_rates_left(stage: Stage) -> AsyncIterator[None]:
    yield
    await stage.run("DELETE FROM sending_rates")


async def limit(stage: Stage, kind: str, name: str, rate: float | None = None, **more: Any) -> None:
    values = {"kind": kind, "name": name, "parts_per_second": rate} | more
    await stage.run(
        f"INSERT INTO sending_rates ({', '.join(values)}) VALUES (:{', :'.join(values)})", **values
    )


async def sender(stage: Stage) -> str:
    [number] = await stage.query("SELECT phone_number FROM phone_numbers")
    return str(number.phone_number)


async def found(stage: Stage, *, is_media: bool = False) -> Rates:
    async with stage.running.database.transaction(stage.church_id) as session:
        return await rates.find(
            session,
            stage.running.settings,
            church_id=stage.church_id,
            carrier="telnyx",
            sender=await sender(stage),
            is_media=is_media,
        )


async def send_all(stage: Stage) -> None:
    """Workers take whatever is released, all at once, until no batch is left."""

    async def step() -> bool:
        await dispatch.recover(stage.running)
        events = await stage.released()
        await asyncio.gather(*(stage.hear(event) for event in events))
        return not await stage.query(
            "SELECT 1 FROM dispatch_batches WHERE church_id = :id", id=stage.church_id
        )

    await eventually(step, within=30)


def moments(stage: Stage) -> list[float]:
    """When the carrier took each text, in seconds, in order."""
    texts = stage.network.texts.values()
    return sorted(datetime.fromisoformat(text.received_at).timestamp() for text in texts)


def fastest(taken: list[float], rate: float) -> float:
    """By how many texts the worst interval is above ``rate``, with some slack for the way there."""
    return max(
        (last - first + 1) - rate * (taken[last] - taken[first] + SLACK_SECONDS)
        for first in range(len(taken))
        for last in range(first, len(taken))
    )


async def test_workers_together_keep_to_the_rate_of_the_number(
    stage: Stage, small_batches: None
) -> None:
    await limit(stage, "number", await sender(stage), 40, burst=5)
    await stage.members(60)
    message_id = await stage.started()

    await send_all(stage)

    taken = moments(stage)
    assert len(taken) == 60
    assert fastest(taken, 40) <= 5
    assert taken[-1] - taken[0] < 6  # 1.4 s are needed
    assert await stage.counted(message_id) == {"sending": 60}


async def test_a_text_counts_as_many_parts_as_it_has(stage: Stage) -> None:
    await limit(stage, "number", await sender(stage), 60, burst=6)
    await stage.members(20)
    await stage.started("x" * 400)  # three parts

    await send_all(stage)

    assert fastest(moments(stage), 20) <= 2


async def test_churches_share_what_the_carrier_gives(stage: Stage) -> None:
    await limit(stage, "carrier", "telnyx", 40, burst=5)
    await stage.members(20)
    for _ in range(2):
        await stage.started()

    await send_all(stage)

    assert fastest(moments(stage), 40) <= 5


async def test_what_has_to_wait_long_lets_go_of_its_worker_and_counts_no_try(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "PATIENCE_SECONDS", 0.2)
    await limit(stage, "number", await sender(stage), 0.5, burst=2)
    await stage.members(5)
    message_id = await stage.started()

    async with asyncio.timeout(2):
        await stage.work()

    assert stage.network.ledger.calls == {"accepted": 2}
    assert sorted(text.attempt for text in await stage.texts(message_id)) == [0, 0, 0, 1, 1]
    [batch] = await stage.query("SELECT state, due_at > now() AS waits FROM dispatch_batches")
    assert (batch.state, batch.waits) == ("claimed", True)


async def test_batches_that_wait_for_their_turn_let_no_further_ones_begin(
    stage: Stage, small_batches: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "PATIENCE_SECONDS", 0.1)
    await limit(stage, "number", await sender(stage), 5, burst=1)
    await stage.members((batches.WINDOW + 3) * batches.SIZE)
    await stage.started()

    assert await stage.work() == batches.WINDOW


async def test_texts_for_a_slow_network_hold_up_nobody(stage: Stage, small_batches: None) -> None:
    """Not even where nothing else is left of their batch."""
    await stage.members((batches.WINDOW + 1) * batches.SIZE)
    message_id = await stage.started()
    await stage.released()
    worker = stage.running.worker.id
    async with stage.running.database.transaction(stage.church_id) as session:
        batch = await batches.claim(session, message_id, 0, worker)
        assert batch is not None
        texts = await claims.take(session, batch, worker, is_repeatable=True)
        waiting = [Retry(text, 300.0, why=Why.PHONE) for text in texts or ()]
        await batch_results.record(session, batch, waiting)

    assert len(await stage.released()) == 1
    deferred = await stage.query("SELECT number FROM dispatch_batches WHERE state = 'deferred'")
    assert [row.number for row in deferred] == [0]


async def test_a_carrier_that_asks_to_be_left_alone_is_called_by_nobody(stage: Stage) -> None:
    stage.network.behaviour.turn({"throttle_share": 1.0, "retry_after": 1.0})
    await stage.members(1)
    await stage.started()
    await stage.work()

    limits = (await found(stage)).limits[:1]

    assert 0 < await stage.running.throttle.take(limits, 1) <= 1


async def test_without_redis_sending_goes_on_slowly(
    stage: Stage, small_batches: None, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await limit(stage, "number", await sender(stage), 120, burst=10)
    await stage.members(120)
    async with Line.to(redis_url) as line:
        throttle = Throttle(line.url, str(db.uuid7()))
        monkeypatch.setattr(stage.running, "throttle", throttle)
        await stage.started()

        async def cut_in_the_middle() -> None:
            await eventually(lambda: len(stage.network.texts) >= 50)
            line.cut()

        await asyncio.gather(send_all(stage), cut_in_the_middle())
        await throttle.close()

    assert len(stage.network.texts) == 120
    alone = moments(stage)[80:]  # what was on its way at the cut is through
    assert fastest(alone, 120 / 4) <= 10


async def test_what_is_not_set_is_as_the_settings_say(stage: Stage) -> None:
    usual, number = UNLIMITED["carrier_parts_per_second"], await sender(stage)
    assert (await found(stage)).limits == [
        Bucket("carrier:telnyx:parts", usual, usual / 5),
        Bucket(f"number:{number}:parts", usual, usual / 5),
    ]
    media = (await found(stage, is_media=True)).limits
    assert [limit.key for limit in media] == ["carrier:telnyx:media", f"number:{number}:media"]


async def test_numbers_of_a_campaign_share_its_limits(stage: Stage) -> None:
    await limit(stage, "number", await sender(stage), campaign="C1")
    await limit(stage, "campaign", "C1", 1.25, media_per_second=0.8, daily_cap=2000)

    _, campaign, cap = (await found(stage)).limits

    assert campaign == Bucket("campaign:C1:parts", 1.25, 1.0)
    assert cap == DailyCap("campaign:C1:day", 2000, "America/Los_Angeles")
    assert (await found(stage, is_media=True)).parts_per_second == 0.8


async def test_a_church_may_have_a_limit_of_its_own(stage: Stage) -> None:
    await limit(stage, "church", str(stage.church_id), 3)
    await limit(stage, "church", str(UUID(int=1)), 2)

    assert (await found(stage)).parts_per_second == 3
