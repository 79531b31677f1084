"""Over a real broker: a church registers, orders a number, and hears a STOP on it."""

from datetime import timedelta
from uuid import UUID

from koinonia.common import clock, db
from koinonia.common.events import Event
from koinonia.common.events.auth import ChurchRegistered, ChurchVerified
from koinonia.common.events.ingress import CarrierMessageReceived
from koinonia.common.testing import probe, service
from koinonia.common.testing.databases import Databases
from koinonia.common.testing.eventually import eventually
from koinonia.devkit.carrier.network import Network
from koinonia.messaging.numbers import orders
from koinonia.messaging.program import PROGRAM

from . import factories


def new_church(church_id: UUID) -> list[Event]:
    """What auth and billing say of a church that may order a number."""
    return [
        ChurchRegistered(church_id=church_id, church_name="Grace", timezone="America/Chicago"),
        ChurchVerified(church_id=church_id),
        factories.subscribed(church_id),
    ]


async def test_a_church_gets_a_number_and_hears_a_stop_on_it(
    databases: Databases,
    redis_url: str,
    rabbitmq_url: str,
    bus_namespace: str,
    carrier: tuple[Network, str],
    network: Network,
) -> None:
    network.behaviour.turn({"order_seconds": 0.001})  # not yet when it is ordered
    church_id = db.uuid7()
    servers = {
        "redis_url": redis_url,
        "rabbitmq_url": rabbitmq_url,
        "bus_namespace": bus_namespace,
        "telnyx_api_url": carrier[1],
        "public_url": "http://127.0.0.1:9",  # nobody hears what the carrier reports
    }
    async with (
        service.opened(PROGRAM, databases, servers) as running,
        service.listening(PROGRAM, running) as publisher,
        service.client(PROGRAM, running, service.token(church_id)) as api,
    ):
        for event in new_church(church_id):
            await publisher.publish_event(event)

        async def order() -> dict[str, str] | None:
            answer = await api.post("/api/phone-numbers", json={"areaCode": "202"})
            return dict(answer.json()) if answer.status_code == 202 else None

        asked = await eventually(order, within=20) or {}

        async def is_active() -> bool:
            with clock.shift(timedelta(minutes=1)):
                await orders.check(running)
            [number] = (await api.get("/api/phone-numbers")).json()["data"]
            return bool(number["status"] == "active")

        await eventually(is_active, within=20)
        stop = CarrierMessageReceived(
            carrier="telnyx",
            carrier_message_id="m-1",
            to=asked["phoneNumber"],
            sealed_sender=factories.PHONES.seal("+12025550142"),
            text="Stop",
            received_at=clock.now(),
        )
        await publisher.publish_event(stop)
        await publisher.publish_event(stop)

        async def is_opted_out() -> bool:
            async with running.database.transaction(church_id) as session:
                return bool(
                    await probe.rows(session, "SELECT 1 FROM consents WHERE state = 'revoked'")
                )

        await eventually(is_opted_out, within=20)
    assert len(network.numbers.orders) == 1
