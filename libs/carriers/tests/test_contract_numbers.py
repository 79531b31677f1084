"""Every carrier: one profile for each church, one number for each order."""

import asyncio
from uuid import uuid4

import pytest

from koinonia.carriers import CARRIERS
from koinonia.carriers.contract import (
    Carrier,
)
from koinonia.carriers.failures import Failure
from koinonia.devkit.carrier.network import Network

from .shared import CHURCH, HOOK, Bought, failure_of

pytestmark = pytest.mark.parametrize("carrier_name", sorted(CARRIERS))


async def test_a_church_has_one_profile_however_often_it_is_ensured(
    carrier: Carrier, network: Network
) -> None:
    first = await carrier.ensure_profile(CHURCH, "Grace Chapel", HOOK)
    renamed = await carrier.ensure_profile(CHURCH, "Grace Church", f"{HOOK}/new")
    (profile,) = network.numbers.profiles.values()
    assert first.profile_id == renamed.profile_id == profile.id
    assert (profile.name, profile.webhook_url) == (f"Grace Church ({CHURCH})", f"{HOOK}/new")


async def test_a_profile_ensured_twice_at_one_time_is_one(carrier: Carrier) -> None:
    calls = [carrier.ensure_profile(CHURCH, "Grace Chapel", HOOK) for _ in range(2)]
    one, other = await asyncio.gather(*calls)
    assert one == other == await carrier.ensure_profile(CHURCH, "Grace Chapel", HOOK)


async def test_two_churches_of_one_name_do_not_share_a_profile(
    carrier: Carrier, network: Network
) -> None:
    await carrier.ensure_profile(CHURCH, "Grace Chapel", HOOK)
    await carrier.ensure_profile(uuid4(), "Grace Chapel", HOOK)
    assert len(network.numbers.profiles) == 2


async def test_a_long_name_fits(carrier: Carrier) -> None:
    first = await carrier.ensure_profile(CHURCH, "Iglesia de la Gracia " * 20, HOOK)
    assert first == await carrier.ensure_profile(CHURCH, "Iglesia de la Gracia " * 20, HOOK)


async def test_numbers_are_offered_in_the_area_code(carrier: Carrier) -> None:
    offers = await carrier.search("202", 2)
    assert [offer.phone_number for offer in offers] == ["+12025550190", "+12025550191"]


async def test_an_area_code_that_does_not_exist_has_no_numbers(carrier: Carrier) -> None:
    assert await carrier.search("999", 5) == []


@pytest.mark.parametrize("reference", ["number:1", "Grace Chapel, number 1 " * 10])
async def test_a_number_is_ordered_once_per_reference(
    carrier: Carrier, network: Network, reference: str
) -> None:
    profile = await carrier.ensure_profile(CHURCH, "Grace Chapel", HOOK)
    first, second = await carrier.search("202", 2)
    order = await carrier.order(first.phone_number, profile.profile_id, reference)
    again = await carrier.order(second.phone_number, profile.profile_id, reference)
    assert order.order_id == again.order_id
    assert order.phone_number == again.phone_number == first.phone_number
    assert len(network.numbers.orders) == 1


async def test_two_orders_at_one_time_buy_one_number(carrier: Carrier, network: Network) -> None:
    profile = await carrier.ensure_profile(CHURCH, "Grace Chapel", HOOK)
    (offer,) = await carrier.search("202", 1)
    call = (offer.phone_number, profile.profile_id, "number: 1")
    one, other = await asyncio.gather(carrier.order(*call), carrier.order(*call))
    assert one.order_id == other.order_id
    assert len(network.numbers.orders) == 1


async def test_an_order_becomes_active_in_the_profile(
    bought: Bought, carrier: Carrier, network: Network
) -> None:
    profile, number = await bought(CHURCH, HOOK)
    owned = network.numbers.owned[number]
    assert (owned.profile_id, owned.status) == (profile.profile_id, "success")


async def test_a_number_that_is_gone_is_told(carrier: Carrier) -> None:
    profile = await carrier.ensure_profile(CHURCH, "Grace Chapel", HOOK)
    (offer,) = await carrier.search("202", 1)
    await carrier.order(offer.phone_number, profile.profile_id, "number:1")
    failure = await failure_of(carrier.order(offer.phone_number, profile.profile_id, "number:2"))
    assert failure.failure is Failure.NUMBER_TAKEN


async def test_a_number_that_was_given_back_is_on_offer_again(
    bought: Bought, carrier: Carrier, network: Network
) -> None:
    _, number = await bought(CHURCH, HOOK)
    assert number not in [offer.phone_number for offer in await carrier.search("202", 5)]

    await carrier.give_back(number)
    await carrier.give_back(number)

    assert number in [offer.phone_number for offer in await carrier.search("202", 5)]
    assert number not in network.numbers.owned


async def test_an_unknown_order_is_not_found(carrier: Carrier) -> None:
    assert (await failure_of(carrier.order_status("none"))).failure is Failure.NOT_FOUND
