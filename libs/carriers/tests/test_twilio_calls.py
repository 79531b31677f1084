"""What we ask of Twilio, over real HTTP."""

import asyncio
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl
from uuid import uuid4

import orjson
import pytest
from starlette.requests import Request
from starlette.responses import Response

from koinonia.carriers.contract import Carrier, OrderStatus
from koinonia.carriers.failures import Failure
from koinonia.carriers.twilio import api
from koinonia.common.events.messaging import DeliveryStatus
from koinonia.common.testing.eventually import eventually
from koinonia.devkit.carrier.http_server import serving
from koinonia.devkit.carrier.network import Network

from .listener import endpoint_for_all
from .shared import CHURCH, HOOK, Answering, At, Bought, Outgoing, failure_of


@pytest.fixture
def carrier_name() -> str:
    return "twilio"


async def test_the_documented_form_is_sent(
    at: At, outgoing: Outgoing, vector: Callable[[str], Any]
) -> None:
    heard: list[tuple[str, str, list[tuple[str, str]]]] = []
    documented = vector("twilio_message_create")

    async def hear(request: Request) -> Response:
        posted = parse_qsl((await request.body()).decode())
        heard.append((request.url.path, request.headers["authorization"], posted))
        return Response(orjson.dumps(documented["response"]), documented["response_status"])

    async with serving(endpoint_for_all(hear)) as url:
        text = outgoing(text="Hello", media_urls=["https://example.org/1.jpg"] * 2, report_url=HOOK)
        accepted = await (await at(url)).send(text)
    ((path, authorization, posted),) = heard
    assert path == "/2010-04-01/Accounts/AC00000000000000000000000000000001/Messages.json"
    assert authorization.startswith("Basic ")
    assert posted == [
        ("From", "+12025550190"),
        ("To", "+12025550142"),
        ("Body", "Hello"),
        ("StatusCallback", HOOK),
        ("MediaUrl", "https://example.org/1.jpg"),
        ("MediaUrl", "https://example.org/1.jpg"),
        ("ValidityPeriod", "14400"),
        ("SmartEncoded", "false"),
    ]
    assert accepted.carrier_message_id == "SM00000000000000000000000000000001"
    assert (accepted.status, accepted.parts) == (DeliveryStatus.SENDING, 1)


async def test_a_text_of_a_church_leaves_through_its_service_and_from_its_number(
    bought: Bought, carrier: Carrier, network: Network, outgoing: Outgoing
) -> None:
    profile, number = await bought(CHURCH, HOOK)
    accepted = await carrier.send(outgoing(sender=number, profile_id=profile.profile_id))
    text = network.texts[accepted.carrier_message_id]
    assert (text.sender, text.profile_id) == (number, profile.profile_id)


async def test_a_service_counts_parts_later(
    bought: Bought, carrier: Carrier, network: Network, outgoing: Outgoing
) -> None:
    profile, number = await bought(CHURCH, HOOK)
    accepted = await carrier.send(outgoing(sender=number, profile_id=profile.profile_id))
    assert accepted.parts is None
    await eventually(lambda: network.pending == 0)
    assert (await carrier.retrieve(accepted.carrier_message_id)).parts == 1


async def test_the_number_is_bought_and_active_at_once(carrier: Carrier) -> None:
    profile = await carrier.ensure_profile(CHURCH, "Grace Chapel", HOOK)
    (offer,) = await carrier.search("202", 1)
    order = await carrier.order(offer.phone_number, profile.profile_id, "number:1")
    assert (order.status, order.reference) == (OrderStatus.ACTIVE, "number:1")
    assert order == await carrier.order_status(order.order_id)


async def test_a_number_bought_without_its_service_joins_it_later(
    carrier: Carrier, network: Network
) -> None:
    profile = await carrier.ensure_profile(CHURCH, "Grace Chapel", HOOK)
    (offer,) = await carrier.search("202", 1)
    assert (await failure_of(carrier.order(offer.phone_number, "MGnone", "number:1"))).code
    await carrier.order(offer.phone_number, profile.profile_id, "number:1")
    assert network.numbers.owned[offer.phone_number].profile_id == profile.profile_id


async def test_a_number_of_another_church_is_not_taken_away(carrier: Carrier) -> None:
    own = await carrier.ensure_profile(CHURCH, "Grace Chapel", HOOK)
    other = await carrier.ensure_profile(uuid4(), "Grace Chapel", HOOK)
    (offer,) = await carrier.search("202", 1)
    await carrier.order(offer.phone_number, own.profile_id, "number:1")
    failure = await failure_of(carrier.order(offer.phone_number, other.profile_id, "number:1"))
    assert (failure.failure, failure.code) == (Failure.MISCONFIGURED, "21712")


async def test_a_church_is_found_among_many(carrier: Carrier, network: Network) -> None:
    first = await carrier.ensure_profile(CHURCH, "Grace Chapel", HOOK)
    others = [carrier.ensure_profile(uuid4(), f"Church {n}", HOOK) for n in range(120)]
    await asyncio.gather(*others)
    network.numbers.profiles[first.profile_id] = network.numbers.profiles.pop(first.profile_id)
    assert await carrier.ensure_profile(CHURCH, "Grace Chapel", HOOK) == first


@pytest.mark.parametrize("code", [21451, 21452])
async def test_twilio_calls_an_empty_search_an_error_and_we_do_not(
    answering: Answering, code: int
) -> None:
    body = orjson.dumps({"code": code, "message": "No phone numbers found in area code"})
    assert await (await answering(400, body)).search("202", 5) == []


@pytest.mark.parametrize(
    ("url", "messaging"),
    [
        ("https://api.twilio.com", "https://messaging.twilio.com"),
        ("https://api.dublin.ie1.twilio.com", "https://messaging.dublin.ie1.twilio.com"),
        ("http://127.0.0.1:8090", "http://127.0.0.1:8090"),
    ],
)
def test_services_are_at_an_address_of_their_own(url: str, messaging: str) -> None:
    assert api.messaging_url(url) == messaging
