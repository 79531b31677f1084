"""Numbers and profiles of the simulated carrier."""

from typing import Any

import phonenumbers
import pytest

from koinonia.devkit.carrier.state.numbers import Numbers
from koinonia.devkit.carrier.state.refusals import Refused


def test_every_number_on_offer_is_valid_and_fictional() -> None:
    for number in Numbers().available("312", 100):
        assert number.startswith("+131255501")
        assert phonenumbers.is_valid_number(phonenumbers.parse(number))


def test_the_highest_lines_are_offered_first() -> None:
    assert Numbers().available("202", 11)[::10] == ["+12025550190", "+12025550189"]


@pytest.mark.parametrize(
    "area_code", ["999", "000", "416", "800", "", "20", "20a", "２０２", "900"]
)
def test_an_area_code_outside_the_states_has_no_numbers(area_code: str) -> None:
    assert Numbers().available(area_code, 10) == []


def test_a_number_is_sold_once_until_an_area_is_exhausted() -> None:
    numbers = Numbers()
    sold = [numbers.order(numbers.available("202", 1)[0], None, None, "telnyx") for _ in range(100)]
    assert len({order.phone_number for order in sold}) == 100
    assert numbers.available("202", 10) == []


def test_a_number_must_be_searched_before_it_is_ordered() -> None:
    with pytest.raises(Refused, match="85000"):
        Numbers().order("+12025550190", None, None, "telnyx")


def test_a_number_that_is_sold_cannot_be_ordered() -> None:
    numbers = Numbers()
    (number,) = numbers.available("202", 1)
    numbers.order(number, None, None, "telnyx")
    with pytest.raises(Refused, match="85001"):
        numbers.order(number, None, None, "telnyx")


async def test_an_order_completes_later_and_tells_the_profile(simulation: Any) -> None:
    number = await simulation.number(await simulation.profile())
    await simulation.quiet()
    (order,) = simulation.listener.heard("number_order.complete")
    assert order["status"] == order["phone_numbers"][0]["status"] == "success"
    assert order["phone_numbers"][0]["phone_number"] == number


async def test_a_pending_number_cannot_send(simulation: Any) -> None:
    simulation.network.behaviour.order_seconds = 60.0
    (number,) = simulation.network.numbers.available("202", 1)
    body = {"phone_numbers": [{"phone_number": number}]}
    order = (await simulation.api.post("/number_orders", json=body)).json()["data"]
    answer = await simulation.send(**{"from": number})
    assert order["status"] == "pending"
    assert answer.json()["errors"][0]["code"] == "40320"


async def test_orders_are_found_by_our_reference(simulation: Any) -> None:
    for reference in ("one", "other"):
        (number,) = simulation.network.numbers.available("202", 1)
        body = {"phone_numbers": [{"phone_number": number}], "customer_reference": reference}
        await simulation.api.post("/number_orders", json=body)
    found = await simulation.api.get("/number_orders?filter[customer_reference]=other")
    assert [order["customer_reference"] for order in found.json()["data"]] == ["other"]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 2),
        ("?filter[name]=church 1", 1),
        ("?filter[name]=church", 0),
        ("?filter[name][contains]=church", 2),
    ],
)
async def test_profiles_are_found_by_name(simulation: Any, query: str, count: int) -> None:
    await simulation.profile("church 1")
    await simulation.profile("church 2")
    found = await simulation.api.get(f"/messaging_profiles{query}")
    assert len(found.json()["data"]) == found.json()["meta"]["total_results"] == count


async def test_a_profile_can_be_changed(simulation: Any) -> None:
    identity = await simulation.profile()
    changed = await simulation.api.patch(f"/messaging_profiles/{identity}", json={"name": "new"})
    assert changed.json()["data"]["name"] == "new"
    assert changed.json()["data"]["webhook_url"].endswith("/inbound")
