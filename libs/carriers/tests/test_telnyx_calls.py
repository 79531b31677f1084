"""What we ask of Telnyx, over real HTTP."""

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal
from uuid import UUID, uuid4

import orjson
import pytest

from koinonia.carriers.contract import Carrier, OrderStatus, OutgoingText
from koinonia.carriers.failures import CarrierFailure, Failure
from koinonia.carriers.http import LINES
from koinonia.common.events.messaging import DeliveryStatus
from koinonia.common.testing.eventually import eventually
from koinonia.devkit.carrier.network import Network

CHURCH = UUID("0190a000-0000-7000-8000-000000000001")
HOOK = "http://127.0.0.1:9/hook"

Outgoing = Callable[..., OutgoingText]
Answering = Callable[..., Awaitable[Carrier]]


async def failure_of(call: Awaitable[object]) -> CarrierFailure:
    with pytest.raises(CarrierFailure) as caught:
        await call
    return caught.value


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


async def test_more_texts_than_there_are_lines_are_all_accepted(
    carrier: Carrier, network: Network, outgoing: Outgoing
) -> None:
    texts = [outgoing(to=f"+12025550{number}") for number in range(100, 100 + 3 * LINES)]
    await asyncio.gather(*map(carrier.send, texts))
    assert network.ledger.calls == {"accepted": len(texts)}


async def test_another_text_under_the_same_key_is_a_bug(
    carrier: Carrier, outgoing: Outgoing
) -> None:
    text = outgoing()
    await carrier.send(text)
    failure = await failure_of(carrier.send(outgoing(recipient_id=text.recipient_id, text="new")))
    assert (failure.failure, failure.ambiguous) == (Failure.KEY_REUSED, True)


async def test_pictures_make_an_mms(carrier: Carrier, network: Network, outgoing: Outgoing) -> None:
    accepted = await carrier.send(outgoing(text="", media_urls=["https://example.org/1.jpg"]))
    assert network.texts[accepted.carrier_message_id].media_urls == ["https://example.org/1.jpg"]


async def test_who_said_stop_is_refused_as_opted_out(
    carrier: Carrier, network: Network, outgoing: Outgoing
) -> None:
    text = outgoing()
    await carrier.send(text)
    network.arrive_from(text.to, text.sender, "Stop", [])
    assert (await failure_of(carrier.send(outgoing()))).failure is Failure.OPTED_OUT


@pytest.mark.parametrize(
    ("given", "failure"),
    [
        ({"to": "2025550142"}, Failure.INVALID_NUMBER),
        ({"text": ""}, Failure.BAD_REQUEST),
        ({"text": "x" * 1531}, Failure.TOO_LONG),
        ({"media_urls": ["https://example.org/1.jpg"] * 11}, Failure.BAD_MEDIA),
    ],
    ids=["bad number", "no words", "too long", "too many pictures"],
)
async def test_a_refused_text_says_why(
    carrier: Carrier, outgoing: Outgoing, given: dict[str, object], failure: Failure
) -> None:
    assert (await failure_of(carrier.send(outgoing(**given)))).failure is failure


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
    ("status", "body"),
    [(502, b"<html>Bad gateway</html>"), (503, b""), (200, b"<html>"), (200, b'{"data":{}}')],
)
async def test_an_answer_that_says_nothing_is_ambiguous_trouble(
    answering: Answering, outgoing: Outgoing, status: int, body: bytes
) -> None:
    failure = await failure_of((await answering(status, body)).send(outgoing()))
    assert (failure.failure, failure.ambiguous) == (Failure.CARRIER_TROUBLE, True)


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


async def test_a_wrong_key_stops_everything(answering: Answering, outgoing: Outgoing) -> None:
    failure = await failure_of((await answering(401)).send(outgoing()))
    assert failure.failure.follows == "pause_all"


async def test_a_text_can_be_looked_up_later(
    carrier: Carrier, network: Network, outgoing: Outgoing
) -> None:
    accepted = await carrier.send(outgoing())
    await eventually(lambda: network.pending == 0)
    report = await carrier.retrieve(accepted.carrier_message_id)
    assert report.status is DeliveryStatus.DELIVERED
    assert report == await carrier.retrieve(accepted.carrier_message_id)


async def test_an_unknown_text_is_not_found(carrier: Carrier) -> None:
    assert (await failure_of(carrier.retrieve("../none"))).failure is Failure.NOT_FOUND


async def test_a_church_has_one_profile_however_often_it_is_ensured(
    carrier: Carrier, network: Network
) -> None:
    first = await carrier.ensure_profile(CHURCH, "Grace Chapel", HOOK)
    renamed = await carrier.ensure_profile(CHURCH, "Grace Church", f"{HOOK}/new")
    (profile,) = network.numbers.profiles.values()
    assert first.profile_id == renamed.profile_id == profile.id
    assert (profile.name, profile.webhook_url) == (f"Grace Church ({CHURCH})", f"{HOOK}/new")


async def test_two_churches_of_one_name_do_not_share_a_profile(
    carrier: Carrier, network: Network
) -> None:
    await carrier.ensure_profile(CHURCH, "Grace Chapel", HOOK)
    await carrier.ensure_profile(uuid4(), "Grace Chapel", HOOK)
    assert len(network.numbers.profiles) == 2


async def test_numbers_are_offered_in_the_area_code(carrier: Carrier) -> None:
    offers = await carrier.search("202", 2)
    assert [offer.phone_number for offer in offers] == ["+12025550190", "+12025550191"]
    assert offers[0].monthly_cost == 1


async def test_an_area_code_that_does_not_exist_has_no_numbers(carrier: Carrier) -> None:
    assert await carrier.search("999", 5) == []


async def test_telnyx_calls_an_empty_search_an_error_and_we_do_not(answering: Answering) -> None:
    body = orjson.dumps({"errors": [{"code": "10031", "title": "No numbers found"}]})
    assert await (await answering(400, body)).search("202", 5) == []


async def test_a_number_is_ordered_once_per_reference(carrier: Carrier, network: Network) -> None:
    profile = await carrier.ensure_profile(CHURCH, "Grace Chapel", HOOK)
    first, second = await carrier.search("202", 2)
    order = await carrier.order(first.phone_number, profile.profile_id, "number:1")
    again = await carrier.order(second.phone_number, profile.profile_id, "number:1")
    assert (order.order_id, order.phone_number) == (again.order_id, again.phone_number)
    assert len(network.numbers.orders) == 1


async def test_two_orders_at_one_time_buy_one_number(carrier: Carrier, network: Network) -> None:
    profile = await carrier.ensure_profile(CHURCH, "Grace Chapel", HOOK)
    (offer,) = await carrier.search("202", 1)
    call = (offer.phone_number, profile.profile_id, "number: 1")
    one, other = await asyncio.gather(carrier.order(*call), carrier.order(*call))
    assert one.order_id == other.order_id


async def test_an_order_becomes_active(carrier: Carrier, network: Network) -> None:
    profile = await carrier.ensure_profile(CHURCH, "Grace Chapel", HOOK)
    (offer,) = await carrier.search("202", 1)
    order = await carrier.order(offer.phone_number, profile.profile_id, "number:1")
    assert order.status is OrderStatus.PENDING
    await eventually(lambda: network.under_way == 0)
    assert (await carrier.order_status(order.order_id)).status is OrderStatus.ACTIVE


async def test_a_number_that_is_gone_is_told(carrier: Carrier) -> None:
    profile = await carrier.ensure_profile(CHURCH, "Grace Chapel", HOOK)
    (offer,) = await carrier.search("202", 1)
    await carrier.order(offer.phone_number, profile.profile_id, "number:1")
    failure = await failure_of(carrier.order(offer.phone_number, profile.profile_id, "number:2"))
    assert failure.failure is Failure.NUMBER_TAKEN
