"""Sending numbers: asked for, ordered once, and then active, whatever breaks in between."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
import pytest_asyncio

from koinonia.carriers import open_all
from koinonia.carriers.failures import CarrierFailure
from koinonia.common import clock, db
from koinonia.common.events.messaging import NumberReleased, NumberRequested
from koinonia.common.identity import Role
from koinonia.common.testing import secrets, service
from koinonia.common.testing.databases import Databases
from koinonia.devkit.carrier.app import create_app
from koinonia.devkit.carrier.network import Network
from koinonia.devkit.carrier.numbers import LINES
from koinonia.devkit.carrier.numbers import Order as CarrierOrder
from koinonia.devkit.carrier.serving import serving
from koinonia.messaging.numbers import orders, profiles, routes
from koinonia.messaging.program import PROGRAM

from . import factories
from .conftest import Client

PATH = "/api/phone-numbers"
LATER = timedelta(seconds=30)


@dataclass
class Desk:
    """A church that orders numbers, and the carrier that has them."""

    running: Any
    church_id: UUID
    network: Network
    api: httpx.AsyncClient
    url: str  # of the carrier

    async def ask(self, area_code: str = "202", key: str | None = None) -> httpx.Response:
        headers = {"Idempotency-Key": key} if key else {}
        return await self.api.post(PATH, json={"areaCode": area_code}, headers=headers)

    async def asked(self) -> UUID:
        answer = await self.ask()
        assert answer.status_code == 202, answer.text
        return UUID(answer.json()["id"])

    async def place(self, number_id: UUID) -> None:
        event = NumberRequested(church_id=self.church_id, number_id=number_id)
        await service.hear(PROGRAM, self.running, event)

    async def check(self, later: timedelta = LATER) -> None:
        with clock.shift(later):
            await orders.check(self.running)

    async def listed(self) -> list[dict[str, Any]]:
        numbers: list[dict[str, Any]] = (await self.api.get(PATH)).json()["data"]
        return numbers

    async def statuses(self) -> list[str]:
        return [number["status"] for number in await self.listed()]

    async def told(self) -> list[str]:
        async with self.running.database.transaction() as session:
            rows = await db.rows(session, "SELECT name FROM outbox ORDER BY position")
        return [row.name for row in rows]

    def take(self, *phone_numbers: str) -> None:
        """Somebody else buys these numbers."""
        for number in phone_numbers:
            self.network.numbers.owned[number] = CarrierOrder(number, None, None)

    def take_all(self) -> None:
        self.take(*(f"+1202555{line:04}" for line in LINES))


@pytest_asyncio.fixture
async def desk(databases: Databases, redis_url: str, rabbitmq_url: str) -> AsyncIterator[Desk]:
    network = Network(secrets.carrier_key(), seed=7)
    network.behaviour.turn({"order_seconds": 0.0})
    async with serving(create_app(network)) as url:
        servers = {"redis_url": redis_url, "rabbitmq_url": rabbitmq_url}
        async with service.opened(
            PROGRAM, databases, servers, telnyx_api_url=f"{url}/v2", public_url="https://k.example"
        ) as running:
            async with running.database.transaction() as session:
                church_id = await factories.church(session)
            async with service.client(PROGRAM, running, service.token(church_id)) as api:
                yield Desk(running, church_id, network, api, url)


async def test_a_number_is_pending_until_the_carrier_has_it_ready(desk: Desk) -> None:
    answer = await desk.ask()
    number = answer.json()
    assert (answer.status_code, number["status"]) == (202, "pending")
    assert number["phoneNumber"].startswith("+1202")
    desk.network.behaviour.turn({"order_seconds": 600.0})
    await desk.place(UUID(number["id"]))
    await desk.check()
    assert await desk.statuses() == ["pending"]
    [order] = desk.network.numbers.orders.values()
    order.status = "success"
    await desk.check(LATER * 2)
    [shown] = await desk.listed()
    assert (shown["status"], shown["phoneNumber"]) == ("active", number["phoneNumber"])
    assert await desk.told() == ["number.requested", "number.assigned"]


async def test_texts_to_the_number_are_the_churchs_from_the_order_on(desk: Desk) -> None:
    await desk.place(await desk.asked())
    await desk.check()
    [number] = await desk.listed()
    async with desk.running.database.transaction() as session:
        owner = await routes.owner(session, number["phoneNumber"], clock.now())
    assert owner == desk.church_id


async def test_the_order_stands_in_the_churchs_own_profile(desk: Desk) -> None:
    number_id = await desk.asked()
    await desk.place(number_id)
    [order], [profile] = (
        desk.network.numbers.orders.values(),
        desk.network.numbers.profiles.values(),
    )
    assert (order.profile_id, order.reference) == (profile.id, str(number_id))
    assert str(desk.church_id) in profile.name
    assert profile.webhook_url == f"https://k.example{profiles.WEBHOOKS['telnyx']}"


async def test_numbers_are_ordered_at_the_carrier_of_the_setting(desk: Desk) -> None:
    changed = {"carrier": "twilio", "twilio_api_url": desk.url}
    desk.running.settings = desk.running.settings.model_copy(update=changed)
    async with open_all(desk.running.settings) as desk.running.carriers:
        await desk.place(await desk.asked())
        await desk.check()
    [profile] = desk.network.numbers.profiles.values()
    assert await desk.statuses() == ["active"]
    assert profile.webhook_url == "https://k.example/api/webhooks/twilio/inbound"


async def test_a_second_order_waits_for_the_first(desk: Desk) -> None:
    await desk.place(await desk.asked())
    refused = await desk.ask()
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "NUMBER_ORDER_PENDING")
    await desk.check()
    await desk.place(await desk.asked())
    await desk.check(LATER * 2)
    assert await desk.statuses() == ["active", "active"]


async def test_the_same_key_makes_one_number(desk: Desk) -> None:
    first = await desk.ask(key="k-1")
    again = await desk.ask(key="k-1")
    other = await desk.ask(area_code="312", key="k-1")
    assert first.json() == again.json()
    assert (other.status_code, other.json()["error"]["code"]) == (409, "IDEMPOTENCY_KEY_REUSED")
    assert len(await desk.listed()) == 1


async def test_an_event_that_comes_twice_buys_one_number(desk: Desk) -> None:
    number_id = await desk.asked()
    await desk.place(number_id)
    await desk.place(number_id)
    assert len(desk.network.numbers.orders) == 1


async def test_a_crash_after_the_carrier_took_the_order_buys_no_second_number(desk: Desk) -> None:
    number_id = await desk.asked()
    [wanted] = await desk.listed()
    carrier = desk.running.carriers["telnyx"]
    profile_id = await profiles.ensure(desk.running, desk.church_id, carrier)
    await carrier.order(wanted["phoneNumber"], profile_id, str(number_id))  # and then it died
    await desk.check()
    await desk.check(LATER * 2)
    assert len(desk.network.numbers.orders) == 1
    assert await desk.statuses() == ["active"]


async def test_an_order_whose_event_was_lost_is_placed_all_the_same(desk: Desk) -> None:
    await desk.asked()
    await desk.check(timedelta(seconds=1))
    assert not desk.network.numbers.orders
    await desk.check()
    assert len(desk.network.numbers.orders) == 1


async def test_a_worker_that_holds_an_order_keeps_others_away(desk: Desk) -> None:
    await desk.asked()
    async with desk.running.database.transaction() as session:
        await db.run(session, "SELECT * FROM number_orders FOR UPDATE")
        await desk.check()
    assert not desk.network.numbers.orders


async def test_a_number_that_is_gone_is_replaced_by_another(desk: Desk) -> None:
    number_id = await desk.asked()
    [wanted] = await desk.listed()
    desk.take(wanted["phoneNumber"])
    await desk.place(number_id)
    await desk.check()
    [number] = await desk.listed()
    assert (number["status"], number["failure"]) == ("active", None)
    assert number["phoneNumber"] != wanted["phoneNumber"]


async def test_an_order_fails_with_a_reason_when_all_numbers_are_gone(desk: Desk) -> None:
    number_id = await desk.asked()
    desk.take_all()
    await desk.place(number_id)
    [number] = await desk.listed()
    assert (number["status"], number["failure"]) == (
        "failed",
        "This number is gone. Choose another one.",
    )
    assert (await desk.ask("312")).status_code == 202


async def test_an_order_that_the_carrier_gives_up_fails(desk: Desk) -> None:
    desk.network.behaviour.turn({"order_seconds": 600.0})
    await desk.place(await desk.asked())
    [order] = desk.network.numbers.orders.values()
    order.status = "failure"
    await desk.check()
    assert [number["failure"] for number in await desk.listed()] == [orders.REFUSED]


async def test_an_order_waits_while_the_carrier_is_away_but_not_for_ever(desk: Desk) -> None:
    number_id = await desk.asked()
    desk.network.api_key = "another key"  # the carrier lets nobody in
    await desk.place(number_id)
    await desk.check()
    assert await desk.statuses() == ["pending"]
    await desk.check(orders.PATIENCE + LATER)
    assert [number["failure"] for number in await desk.listed()] == [orders.AWAY_TOO_LONG]


async def test_an_order_is_placed_when_the_carrier_is_back(desk: Desk) -> None:
    number_id = await desk.asked()
    desk.network.api_key = "another key"
    await desk.place(number_id)
    desk.network.api_key = None
    await desk.check()
    await desk.check(LATER * 2)
    assert await desk.statuses() == ["active"]


async def test_a_number_of_another_church_of_ours_is_not_chosen(desk: Desk) -> None:
    async with desk.running.database.transaction() as session:
        other = await factories.church(session)
        await factories.active_number(session, other, "+12025550190")  # the carrier forgot it
    await desk.asked()
    assert [number["phoneNumber"] for number in await desk.listed()] == ["+12025550191"]


async def test_an_area_without_numbers_is_told_as_such(desk: Desk) -> None:
    desk.take_all()
    refused = await desk.ask()
    assert (refused.status_code, refused.json()["error"]["code"]) == (404, "NO_NUMBERS_AVAILABLE")
    assert await desk.listed() == []


@pytest.mark.parametrize("area_code", ["", "20", "2025", "abc", "555", "800", "416", "911", "٢٠٢"])
async def test_what_is_no_us_area_code_is_refused(api: httpx.AsyncClient, area_code: str) -> None:
    refused = await api.post(PATH, json={"areaCode": area_code})
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "BAD_AREA_CODE")


async def test_a_carrier_that_is_away_is_a_503_and_leaves_nothing(api: httpx.AsyncClient) -> None:
    refused = await api.post(PATH, json={"areaCode": "202"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "CARRIER_UNAVAILABLE")
    assert (await api.get(PATH)).json()["data"] == []


async def test_an_area_code_may_be_written_as_a_number(desk: Desk) -> None:
    answer = await desk.api.post(PATH, json={"areaCode": 202})
    assert (answer.status_code, answer.json()["areaCode"]) == (202, "202")


async def test_numbers_cost_money_so_an_admin_orders_them(client: Client, church_id: UUID) -> None:
    staff, viewer = client(church_id, Role.STAFF), client(church_id, Role.VIEWER)
    assert (await staff.post(PATH, json={"areaCode": "202"})).status_code == 403
    assert (await viewer.get(PATH)).status_code == 200


@dataclass
class Active:
    """A number that a church has."""

    id: UUID
    phone_number: str


async def active(desk: Desk) -> Active:
    number_id = await desk.asked()
    await desk.place(number_id)
    await desk.check()
    [number] = await desk.listed()
    return Active(number_id, number["phoneNumber"])


async def give_up(desk: Desk, number: Active) -> httpx.Response:
    return await desk.api.delete(f"{PATH}/{number.id}")


async def message(desk: Desk, number: Active, status: str, pending: int) -> None:
    """A message from this number, of which so many texts are still to be sent."""
    async with desk.running.database.transaction(desk.church_id) as session:
        await db.run(
            session,
            """
            INSERT INTO messages (id, church_id, kind, content, target_type, sender, carrier,
                                  status, total_recipients, pending_count, skipped_count,
                                  parts_estimated, created_by, created_at)
            VALUES (:id, :church, 'broadcast', 'Hello', 'all', :sender, 'telnyx', :status, 1,
                    :pending, 1 - :pending, 1, :id, now())
            """,
            {
                "id": db.uuid7(),
                "church": desk.church_id,
                "sender": number.phone_number,
                "status": status,
                "pending": pending,
            },
        )


async def tell_carrier(desk: Desk, number: Active) -> None:
    released = NumberReleased(
        church_id=desk.church_id,
        number_id=number.id,
        phone_number=number.phone_number,
        released_at=clock.now(),
    )
    await service.hear(PROGRAM, desk.running, released)


async def test_a_number_that_is_given_up_is_nobodys_here_and_at_the_carrier(desk: Desk) -> None:
    number = await active(desk)

    assert [(await give_up(desk, number)).status_code for _ in range(2)] == [204, 204]
    await tell_carrier(desk, number)

    assert await desk.statuses() == ["released"]
    assert (await desk.told()).count("number.released") == 1
    assert number.phone_number not in desk.network.numbers.owned
    async with desk.running.database.transaction() as session:
        assert await routes.owner(session, number.phone_number, clock.now()) is None


async def test_a_number_that_went_to_another_church_stays_theirs(desk: Desk) -> None:
    number = await active(desk)
    await give_up(desk, number)
    async with desk.running.database.transaction() as session:
        now = clock.now()
        await routes.begin(session, db.uuid7(), db.uuid7(), number.phone_number, now)

    await tell_carrier(desk, number)

    assert number.phone_number in desk.network.numbers.owned


async def test_while_the_carrier_is_away_the_number_waits_to_be_given_back(desk: Desk) -> None:
    number = await active(desk)
    await give_up(desk, number)
    away = desk.running.settings.model_copy(update={"telnyx_api_url": "http://127.0.0.1:1/v2"})
    there = desk.running.carriers
    async with open_all(away) as desk.running.carriers:
        with pytest.raises(CarrierFailure):
            await tell_carrier(desk, number)
    desk.running.carriers = there

    await tell_carrier(desk, number)

    assert number.phone_number not in desk.network.numbers.owned


@pytest.mark.parametrize(("status", "left", "answer"), [("paused", 1, 409), ("cancelled", 0, 204)])
async def test_a_number_is_kept_while_texts_are_to_be_sent_from_it(
    desk: Desk, status: str, left: int, answer: int
) -> None:
    number = await active(desk)
    await message(desk, number, status, left)

    refused = await give_up(desk, number)

    assert refused.status_code == answer
    assert answer == 204 or refused.json()["error"]["message"].startswith("1 message is being sent")


async def test_only_an_active_number_is_given_up_and_only_by_an_admin(
    desk: Desk,
) -> None:
    pending = Active(await desk.asked(), "")
    staff = service.token(desk.church_id, Role.STAFF)
    async with service.client(PROGRAM, desk.running, staff) as api:
        assert (await api.delete(f"{PATH}/{pending.id}")).status_code == 403
    answers = [await give_up(desk, number) for number in (pending, Active(db.uuid7(), ""))]
    assert [answer.status_code for answer in answers] == [409, 404]
    assert [answer.json()["error"]["code"] for answer in answers] == [
        "NUMBER_NOT_ACTIVE",
        "NUMBER_NOT_FOUND",
    ]
