"""Reports that come together travel together, and each is as safe as if it came alone."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest

from koinonia.common import bus
from koinonia.common.events.ingress import CarrierStatusReported
from koinonia.common.events.messaging import DeliveryStatus
from koinonia.common.outbox import Relay
from koinonia.common.runtime import Running
from koinonia.common.testing import service
from koinonia.ingress.handover import NothingWorks
from koinonia.ingress.program import PROGRAM
from koinonia.ingress.report_bundles import MOST_REPORTS, ReportBundles, Reports

from . import calls
from .conftest import Open, signed

STATUS = "/api/webhooks/telnyx/status"
ONE, SEVERAL = "carrier.status_reported", "carrier.statuses_reported"
NOWHERE = "amqp://guest:guest@127.0.0.1:1/"
BAD = "bad"

Heard = Callable[[str], Any]


def report(carrier_message_id: str = "1") -> CarrierStatusReported:
    return CarrierStatusReported(
        carrier="acme",
        carrier_message_id=carrier_message_id,
        status=DeliveryStatus.SENT,
        reported_at=datetime.now(UTC),
    )


async def reported(client: httpx.AsyncClient, ids: list[str]) -> list[int]:
    """The answers to reports that come at once."""
    bodies = [calls.delivered(event_id=each) for each in ids]
    answers = await asyncio.gather(
        *(client.post(STATUS, content=body, headers=signed(body)) for body in bodies)
    )
    return [answer.status_code for answer in answers]


async def test_reports_that_come_at_once_are_few_events_and_all_are_in_them(
    ingress: httpx.AsyncClient, heard: Heard
) -> None:
    ids = [str(uuid4()) for _ in range(60)]
    assert set(await reported(ingress, ids)) == {200}
    bundles = []
    while bundle := await heard(SEVERAL):
        bundles.append(bundle["events"])
    alone = [await heard(ONE)]
    while alone[-1]:
        alone.append(await heard(ONE))
    events = [event for bundle in bundles for event in bundle] + [each for each in alone if each]
    assert len({event["id"] for event in events}) == len(events) == 60
    assert len(bundles) + len(alone) - 1 < 20
    assert max(len(bundle) for bundle in bundles) <= MOST_REPORTS


async def test_where_no_queue_takes_bundles_yet_each_report_is_an_event_of_its_own(
    ingress: httpx.AsyncClient, heard: Heard, running: Running
) -> None:
    """The ingress of a release may be up before the migration of messaging has made the queue."""
    channel = await (await running.publisher.connection.open()).channel()
    queue = bus.Names(running.settings.bus_namespace).queue("messaging", SEVERAL)
    await channel.queue_delete(queue)
    assert set(await reported(ingress, [str(uuid4()) for _ in range(12)])) == {200}
    assert len({(await heard(ONE))["id"] for _ in range(12)}) == 12


async def test_without_the_broker_reports_are_spooled_together_and_drained_one_by_one(
    open_ingress: Open, heard: Heard, running: Running
) -> None:
    ids = [str(uuid4()) for _ in range(10)]
    async with (
        open_ingress(rabbitmq_url=NOWHERE) as alone,
        service.client(PROGRAM, alone) as client,
    ):
        assert set(await reported(client, [*ids, *ids])) == {200}
    assert await Relay(running.database, running.publisher.publish).drain() == 10
    assert len({(await heard(ONE))["id"] for _ in range(10)}) == 10


async def test_a_report_alone_does_not_wait_and_those_after_it_go_together() -> None:
    delivered: list[int] = []

    async def deliver(reports: Reports) -> None:
        delivered.append(len(reports))

    bundles = ReportBundles(deliver)
    await bundles.hand_over([report()])
    assert delivered == [1]
    await asyncio.gather(*(bundles.hand_over([report()]) for _ in range(2 * MOST_REPORTS + 3)))
    assert delivered == [1, MOST_REPORTS, MOST_REPORTS, 3]


async def test_a_report_that_cannot_be_delivered_takes_no_other_along() -> None:
    async def deliver(reports: Reports) -> None:
        if any(each.carrier_message_id == BAD for each in reports):
            raise ValueError

    bundles = ReportBundles(deliver)
    given = [report(), report(BAD), report()]
    ends = await asyncio.gather(
        *(bundles.hand_over([each]) for each in given), return_exceptions=True
    )
    assert [type(end) for end in ends] == [type(None), ValueError, type(None)]


async def test_nobody_is_told_that_a_report_is_safe_before_it_is() -> None:
    confirm = asyncio.Event()

    async def deliver(reports: Reports) -> None:
        await confirm.wait()

    bundles = ReportBundles(deliver)
    told = [asyncio.create_task(bundles.hand_over([report()])) for _ in range(3)]
    told[0].cancel()  # its caller left
    _, waiting = await asyncio.wait(told[1:], timeout=0.05)
    assert len(waiting) == 2
    confirm.set()
    await asyncio.gather(*told[1:])


async def test_when_nothing_works_all_are_told_to_come_again() -> None:
    tries: list[int] = []

    async def deliver(reports: Reports) -> None:
        tries.append(len(reports))
        raise NothingWorks

    bundles = ReportBundles(deliver)
    for _ in range(3):
        with pytest.raises(NothingWorks):
            await bundles.hand_over([report()])
    ends = await asyncio.gather(
        *(bundles.hand_over([report()]) for _ in range(4)), return_exceptions=True
    )
    assert [type(end) for end in ends] == [NothingWorks] * 4
    assert tries == [1, 1, 1, 4]
