"""What we ask of Telnyx, over real HTTP."""

import asyncio
from collections.abc import Callable
from decimal import Decimal

import orjson
import pytest

from koinonia.carriers.contract import Carrier, OrderStatus
from koinonia.carriers.failures import Failure
from koinonia.common.events.messaging import DeliveryStatus
from koinonia.common.testing.eventually import eventually
from koinonia.devkit.carrier.network import Network

from .shared import CHURCH, HOOK, Answering, Outgoing, failure_of


async def test_a_text_is_accepted_with_its_parts_and_price(
    carrier: Carrier, outgoing: Outgoing
) -> None:
    accepted = await carrier.send(outgoing(text="Amen 🙏" * 20))
    assert (accepted.status, accepted.parts) == (DeliveryStatus.SENDING, 3)
    assert accepted.cost == Decimal("0.0153")


async def test_the_same_text_twice_reaches_the_phone_once(
    carrier: Carrier, network: Network, outgoing: Outgoing
) -> None:
    text = outgoing()
    first, again = await asyncio.gather(carrier.send(text), carrier.send(text))
    assert first == again
    assert network.ledger.calls == {"accepted": 1, "replayed": 1}


async def test_another_text_under_the_same_key_is_a_bug(
    carrier: Carrier, outgoing: Outgoing
) -> None:
    text = outgoing()
    await carrier.send(text)
    failure = await failure_of(carrier.send(outgoing(recipient_id=text.recipient_id, text="new")))
    assert (failure.failure, failure.ambiguous) == (Failure.KEY_REUSED, True)


async def test_a_lost_answer_is_ambiguous_and_repeating_it_is_harmless(
    carrier: Carrier, network: Network, outgoing: Outgoing
) -> None:
    text = outgoing()
    network.behaviour.lost_answer_share = 1.0
    assert (await failure_of(carrier.send(text))).ambiguous
    await carrier.send(text)
    assert network.ledger.calls == {"accepted": 1, "replayed": 1}


async def test_a_busy_carrier_says_how_long_to_wait(
    carrier: Carrier, network: Network, outgoing: Outgoing
) -> None:
    network.behaviour.throttle_share = 1.0
    failure = await failure_of(carrier.send(outgoing()))
    assert (failure.failure, failure.retry_after) == (Failure.THROTTLED, 1.0)


@pytest.mark.parametrize(
    "name", ["send_sms_response", "send_mms_response", "group_mms_response_from_is_string"]
)
async def test_every_documented_acceptance_is_understood(
    answering: Answering, outgoing: Outgoing, vector: Callable[[str], object], name: str
) -> None:
    body = orjson.dumps(vector(f"telnyx_{name}"))
    accepted = await (await answering(200, body)).send(outgoing())
    assert accepted.carrier_message_id == "40319999-0000-4000-8000-0000000000a1"
    assert accepted.status is DeliveryStatus.SENDING


async def test_the_documented_message_is_understood(
    answering: Answering, vector: Callable[[str], object]
) -> None:
    body = orjson.dumps(vector("telnyx_get_message_response"))
    report = await (await answering(200, body)).retrieve("40319999-0000-4000-8000-0000000000a1")
    assert (report.status, report.cost) == (DeliveryStatus.DELIVERED, Decimal("0.0051"))


async def test_numbers_are_offered_in_the_area_code(carrier: Carrier) -> None:
    offers = await carrier.search("202", 2)
    assert [offer.phone_number for offer in offers] == ["+12025550190", "+12025550191"]
    assert offers[0].monthly_cost == 1


async def test_telnyx_calls_an_empty_search_an_error_and_we_do_not(answering: Answering) -> None:
    body = orjson.dumps({"errors": [{"code": "10031", "title": "No numbers found"}]})
    assert await (await answering(400, body)).search("202", 5) == []


async def test_an_order_becomes_active(carrier: Carrier, network: Network) -> None:
    network.behaviour.turn({"order_seconds": 0.05})
    profile = await carrier.ensure_profile(CHURCH, "Grace Chapel", HOOK)
    (offer,) = await carrier.search("202", 1)
    order = await carrier.order(offer.phone_number, profile.profile_id, "number:1")
    assert order.status is OrderStatus.PENDING
    await eventually(lambda: network.under_way == 0)
    assert (await carrier.order_status(order.order_id)).status is OrderStatus.ACTIVE
