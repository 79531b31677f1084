"""A receiver that hangs delays no other, workers share the work, and a kill loses none of it."""

import asyncio
import time
from datetime import timedelta
from uuid import UUID

import pytest

from koinonia.common import clock
from koinonia.common.testing import service
from koinonia.integrations.calls import Caller
from koinonia.integrations.delivering import deliverer, lanes
from koinonia.integrations.program import PROGRAM
from koinonia.integrations.running import Running
from koinonia.integrations.vocabulary import DeliveryFailure

from . import happenings
from .conftest import MakeEndpoint, Open
from .receivers import Receive


@pytest.mark.usefixtures("delivering")
async def test_receivers_that_hang_delay_no_other(
    running: Running,
    church_id: UUID,
    receive: Receive,
    endpoint: MakeEndpoint,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(deliverer, "QUICK", 3)
    monkeypatch.setattr(deliverer, "LONG_SECONDS", 0.2)
    hanging = [await receive(hangs=True) for _ in range(6)]
    for receiver in hanging:
        await endpoint(receiver)
    await service.hear(PROGRAM, running, happenings.completed(church_id))
    await hanging[0].got(1)
    quick = await receive()
    await endpoint(quick)
    began = time.monotonic()
    await service.hear(PROGRAM, running, happenings.completed(church_id))
    await quick.got(1)
    assert time.monotonic() - began < 5  # and not the ten seconds of a call


async def test_a_hanging_receiver_is_left_after_the_time_of_a_call(receive: Receive) -> None:
    receiver = await receive(hangs=True)
    async with Caller(allows_loopback=True, seconds=0.1) as caller:
        outcome = await caller.post(receiver.url, {}, b"{}")
    assert (outcome.failure, outcome.status) == (DeliveryFailure.TIMEOUT, None)


async def test_an_address_that_is_not_public_is_not_connected_to(receive: Receive) -> None:
    receiver = await receive()
    async with Caller() as caller:
        outcome = await caller.post(receiver.url, {}, b"{}")
    assert (outcome.failure, receiver.requests) == (DeliveryFailure.NOT_PUBLIC, [])


async def test_what_cannot_be_reached_and_what_is_no_http_are_told_apart(receive: Receive) -> None:
    async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"{}")
        writer.write(b"hello\r\n\r\n")
        writer.close()

    babbler = await asyncio.start_server(babble, "127.0.0.1", 0)
    port = babbler.sockets[0].getsockname()[1]
    async with Caller(allows_loopback=True) as caller:
        broken = await caller.post(f"http://127.0.0.1:{port}/", {}, b"{}")
        babbler.close()
        await babbler.wait_closed()
        gone = await caller.post(f"http://127.0.0.1:{port}/", {}, b"{}")
    assert (broken.failure, gone.failure) == (DeliveryFailure.BROKEN, DeliveryFailure.UNREACHABLE)


async def test_a_worker_that_dies_with_a_lane_loses_nothing(
    running: Running, church_id: UUID, receive: Receive, endpoint: MakeEndpoint
) -> None:
    receiver = await receive()
    await endpoint(receiver)
    await service.hear(PROGRAM, running, happenings.completed(church_id))
    async with running.database.transaction() as session:
        assert len(await lanes.claim(session, quick=5, slow=5)) == 1  # and the worker is gone
        assert await lanes.claim(session, quick=5, slow=5) == []
    with clock.shift(lanes.HOLD + timedelta(seconds=1)):
        task = asyncio.create_task(deliverer.deliver(running))
        await receiver.got(1)
        running.stop.set()
        await asyncio.wait_for(task, 15)


async def test_two_workers_share_and_send_each_once(
    open_service: Open, running: Running, church_id: UUID, receive: Receive, endpoint: MakeEndpoint
) -> None:
    receivers = [await receive() for _ in range(5)]
    for receiver in receivers:
        await endpoint(receiver, kinds=["message.completed"])
    events = [happenings.completed(church_id) for _ in range(30)]
    await service.hear_together(PROGRAM, running, *events)
    async with open_service(bus_namespace="unused.", webhook_loopback=True) as other:
        workers = [asyncio.create_task(deliverer.deliver(each)) for each in (running, other)]
        for receiver in receivers:
            await receiver.got(30)
        for each in (running, other):
            each.stop.set()
        await asyncio.gather(*workers)
    ids = [[headers["webhook-id"] for headers, _ in each.requests] for each in receivers]
    assert [sorted(each) for each in ids] == [sorted(str(event.id) for event in events)] * 5


async def test_what_is_queued_while_a_lane_is_let_go_is_seen(
    running: Running, church_id: UUID, receive: Receive, endpoint: MakeEndpoint
) -> None:
    made = await endpoint(await receive())
    endpoint_id = UUID(made["id"])
    async with running.database.transaction(church_id) as session:
        await lanes.let_go(session, endpoint_id, 0)
        queueing = asyncio.create_task(
            service.hear(PROGRAM, running, happenings.completed(church_id))
        )
        await asyncio.sleep(0.1)  # the other transaction comes to the lane, and waits for it
    await queueing
    async with running.database.transaction() as session:
        assert [each.endpoint_id for each in await lanes.claim(session, quick=1, slow=1)] == [
            endpoint_id
        ]
