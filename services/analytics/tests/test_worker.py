"""Analytics on the bus: events go in, the dashboard follows."""

import httpx

from koinonia.analytics.program import PROGRAM
from koinonia.analytics.worker import SUBSCRIPTIONS
from koinonia.common import db
from koinonia.common.events.messaging import DeliveryStatus
from koinonia.common.runtime import Running
from koinonia.common.testing import service
from koinonia.common.testing.eventually import eventually

from . import factories
from .conftest import Client


def test_whatever_comes_by_the_thousand_comes_in_batches() -> None:
    assert {(each.event.name, each.kind) for each in SUBSCRIPTIONS if each.kind != "batch"} == set()


async def test_the_dashboard_follows_the_events_even_while_it_is_being_watched(
    running: Running, client: Client
) -> None:
    church_id = db.uuid7()
    message = factories.created(church_id, recipients=20)
    step = (DeliveryStatus.PENDING, DeliveryStatus.DELIVERED)
    async with (
        client(service.token(church_id)) as http,
        service.listening(PROGRAM, running) as publisher,
    ):
        await publisher.publish_event(factories.registered(church_id))
        await publisher.publish_event(message)
        for _ in range(20):
            await publisher.publish_event(factories.moved(message, step))
            await http.get("/api/analytics/stats")
        await eventually(lambda: _all_delivered(http), within=15)


async def _all_delivered(http: httpx.AsyncClient) -> bool:
    stats = (await http.get("/api/analytics/stats")).json()
    return bool(stats["recipientsByStatus"]["delivered"] == stats["recipients"] == 20)
