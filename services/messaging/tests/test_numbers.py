"""Sending numbers: asked for, ordered once, and then active, whatever breaks in between."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from koinonia.carriers import open_all
from koinonia.common import clock, db
from koinonia.common.identity import Role
from koinonia.common.testing import service
from koinonia.devkit.carrier.telnyx.dialect import telnyx_of
from koinonia.messaging.numbers import messaging_profiles, number_routes, orders
from koinonia.messaging.program import PROGRAM

from . import factories
from .conftest import Client
from .number_desk import LATER, PATH, Desk, desk

__all__ = ["desk"]


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
        owner = await number_routes.owner(session, number["phoneNumber"], clock.now())
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
    assert profile.webhook_url == "https://k.example/api/webhooks/telnyx/mms"


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
    assert (other.status_code, other.json()["error"]["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")
    assert len(await desk.listed()) == 1


async def test_a_second_order_with_the_key_waits_until_the_first_is_through(desk: Desk) -> None:
    await desk.ask(key="k-1")
    await _lease(desk, left="1 minute")
    answer = await desk.ask(key="k-1")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "IDEMPOTENCY_KEY_IN_USE")


async def test_after_a_crash_the_order_with_the_key_goes_on_as_the_same_number(
    desk: Desk,
) -> None:
    first = await desk.ask(key="k-1")
    await _lease(desk, left="-1 second")
    again = await desk.ask(key="k-1")
    assert (again.status_code, again.json()["id"]) == (202, first.json()["id"])
    assert len(await desk.listed()) == 1


async def test_an_order_that_failed_leaves_its_key_free(desk: Desk) -> None:
    refused = await desk.ask(area_code="000", key="k-1")
    taken = await desk.ask(key="k-1")
    assert (refused.status_code, taken.status_code) == (400, 202)


async def _lease(desk: Desk, left: str) -> None:
    """As a process leaves the key that is not through with the order, or died."""
    async with desk.running.database.transaction(desk.church_id) as session:
        await db.run(
            session,
            f"UPDATE idempotency_keys SET answer = NULL, leased_until = now() + interval '{left}'",
        )


async def test_an_event_that_comes_twice_buys_one_number(desk: Desk) -> None:
    number_id = await desk.asked()
    await desk.place(number_id)
    await desk.place(number_id)
    assert len(desk.network.numbers.orders) == 1


async def test_a_crash_after_the_carrier_took_the_order_buys_no_second_number(desk: Desk) -> None:
    number_id = await desk.asked()
    [wanted] = await desk.listed()
    carrier = desk.running.carriers["telnyx"]
    profile_id = await messaging_profiles.ensure(desk.running, desk.church_id, carrier)
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
    telnyx_of(desk.network).api_key = "another key"  # the carrier lets nobody in
    await desk.place(number_id)
    await desk.check()
    assert await desk.statuses() == ["pending"]
    await desk.check(orders.PATIENCE + LATER)
    assert [number["failure"] for number in await desk.listed()] == [orders.AWAY_TOO_LONG]


async def test_an_order_is_placed_when_the_carrier_is_back(desk: Desk) -> None:
    number_id = await desk.asked()
    telnyx_of(desk.network).api_key = "another key"
    await desk.place(number_id)
    telnyx_of(desk.network).api_key = None
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


async def test_a_carrier_that_is_away_is_a_503_and_leaves_nothing(
    house: Any, api: httpx.AsyncClient, church_id: UUID
) -> None:
    await service.hear(PROGRAM, house, factories.subscribed(church_id))
    refused = await api.post(PATH, json={"areaCode": "202"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "CARRIER_UNAVAILABLE")
    assert (await api.get(PATH)).json()["data"] == []


async def test_an_area_code_is_text_as_all_that_may_begin_with_a_zero(desk: Desk) -> None:
    answer = await desk.api.post(PATH, json={"areaCode": 202})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "VALIDATION_ERROR")


async def test_numbers_cost_money_so_an_admin_orders_them(client: Client, church_id: UUID) -> None:
    staff, viewer = client(church_id, Role.STAFF), client(church_id, Role.VIEWER)
    assert (await staff.post(PATH, json={"areaCode": "202"})).status_code == 403
    assert (await viewer.get(PATH)).status_code == 200
