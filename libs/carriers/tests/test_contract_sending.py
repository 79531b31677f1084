"""Every carrier: a text is handed over, or it is said why not and what may have happened."""

import asyncio
import socket
from datetime import timedelta
from uuid import uuid4

import pytest

from koinonia.carriers import CARRIERS
from koinonia.carriers.contract import (
    Carrier,
)
from koinonia.carriers.failures import Failure
from koinonia.carriers.http import LINES
from koinonia.common import clock
from koinonia.common.events.messaging import DeliveryStatus
from koinonia.common.testing.eventually import eventually
from koinonia.devkit.carrier.network import Network

from .listener import Listener
from .shared import PERSON, Answering, At, Outgoing, failure_of

pytestmark = pytest.mark.parametrize("carrier_name", sorted(CARRIERS))


async def test_a_text_is_accepted_with_its_parts(carrier: Carrier, outgoing: Outgoing) -> None:
    accepted = await carrier.send(outgoing(text="Amen 🙏" * 20))
    assert (accepted.status, accepted.parts) == (DeliveryStatus.SENDING, 3)
    assert accepted.carrier_message_id


async def test_a_text_reaches_its_phone_as_it_is(
    carrier: Carrier, network: Network, outgoing: Outgoing
) -> None:
    await carrier.send(outgoing(text="Amén & 50% = “¿ya?”\n+1 🙏"))
    await eventually(lambda: network.pending == 0)
    (receipt,) = network.ledger.phones[PERSON].receipts
    assert (receipt.text, receipt.sender) == ("Amén & 50% = “¿ya?”\n+1 🙏", "+12025550190")


async def test_a_repeated_text_reaches_the_phone_once_where_the_carrier_says_so(
    carrier: Carrier, network: Network, outgoing: Outgoing
) -> None:
    text = outgoing()
    await asyncio.gather(carrier.send(text), carrier.send(text))
    assert network.ledger.phones[PERSON].accepted == (1 if carrier.is_repeatable else 2)


async def test_more_texts_than_there_are_lines_are_all_accepted(
    carrier: Carrier, network: Network, outgoing: Outgoing
) -> None:
    texts = [outgoing(to=f"+12025550{number}") for number in range(100, 100 + 3 * LINES)]
    await asyncio.gather(*map(carrier.send, texts))
    assert network.ledger.calls == {"accepted": len(texts)}


async def test_pictures_are_sent_along(
    carrier: Carrier, network: Network, outgoing: Outgoing
) -> None:
    urls = ["https://example.org/1.jpg", "https://example.org/2.jpg?a=1&b=2"]
    accepted = await carrier.send(outgoing(text="", media_urls=urls))
    assert network.texts[accepted.carrier_message_id].media_urls == urls


@pytest.mark.parametrize(
    ("changed", "failure"),
    [
        ({"to": "2025550142"}, Failure.INVALID_NUMBER),
        ({"text": ""}, Failure.BAD_REQUEST),
        ({"text": "x" * 1601}, Failure.TOO_LONG),
        ({"media_urls": ["https://example.org/1.jpg"] * 11}, Failure.BAD_MEDIA),
        ({"sender": "GRACE"}, Failure.MISCONFIGURED),
    ],
    ids=["bad number", "no words", "too long", "too many pictures", "bad sender"],
)
async def test_a_refused_text_says_why(
    carrier: Carrier, outgoing: Outgoing, changed: dict[str, object], failure: Failure
) -> None:
    refused = await failure_of(carrier.send(outgoing(**changed)))
    assert (refused.failure, refused.ambiguous) == (failure, False)


@pytest.mark.parametrize(
    ("share", "failure", "is_ambiguous"),
    [
        ("throttle_share", Failure.THROTTLED, False),
        ("error_share", Failure.CARRIER_TROUBLE, True),
        ("lost_answer_share", Failure.CARRIER_TROUBLE, True),
        ("bare_throttle_share", Failure.THROTTLED, False),
        ("html_share", Failure.CARRIER_TROUBLE, True),
        ("reset_share", Failure.NO_ANSWER, True),
        ("lost_reset_share", Failure.NO_ANSWER, True),
        ("strange_refusal_share", Failure.UNKNOWN, False),
        ("stop_refusal_share", Failure.OPTED_OUT, False),
    ],
)
async def test_trouble_is_told_apart(
    carrier: Carrier,
    network: Network,
    outgoing: Outgoing,
    share: str,
    failure: Failure,
    is_ambiguous: bool,
) -> None:
    network.behaviour.turn({share: 1.0})
    refused = await failure_of(carrier.send(outgoing()))
    assert (refused.failure, refused.ambiguous) == (failure, is_ambiguous)


async def test_a_text_whose_answer_was_lost_is_reported_under_our_id(
    carrier: Carrier, network: Network, listener: Listener, outgoing: Outgoing
) -> None:
    network.behaviour.turn({"lost_answer_share": 1.0})
    text = outgoing(report_url=f"{listener.url}/status?recipient={uuid4()}")
    await failure_of(carrier.send(text))
    told = await listener.heard(carrier, network)
    assert {getattr(report, "status", None) for report in told} == {"sent", "delivered"}
    assert {call.url for call in listener.calls} == {text.report_url}


async def test_a_carrier_that_is_not_there_was_not_asked(at: At, outgoing: Outgoing) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    carrier = await at(f"http://127.0.0.1:{port}")
    failure = await failure_of(carrier.send(outgoing()))
    assert (failure.failure, failure.ambiguous) == (Failure.NOT_CONNECTED, False)


@pytest.mark.parametrize(
    ("status", "body"),
    [(200, b""), (200, b"<html>"), (201, b"{}"), (200, b"[]"), (302, b""), (504, b"<html>")],
)
async def test_an_answer_that_says_nothing_is_ambiguous(
    answering: Answering, outgoing: Outgoing, status: int, body: bytes
) -> None:
    failure = await failure_of((await answering(status, body)).send(outgoing()))
    assert (failure.failure, failure.ambiguous) == (Failure.CARRIER_TROUBLE, True)


async def test_a_wrong_key_stops_everything(answering: Answering, outgoing: Outgoing) -> None:
    failure = await failure_of((await answering(401)).send(outgoing()))
    assert failure.failure.follows == "pause_all"


async def test_a_pause_that_is_asked_for_is_told(answering: Answering, outgoing: Outgoing) -> None:
    carrier = await answering(429, **{"Retry-After": "7"})
    assert (await failure_of(carrier.send(outgoing()))).retry_after == 7


async def test_a_call_whose_answer_got_lost_can_be_repeated_or_looked_up(
    carrier: Carrier, network: Network, outgoing: Outgoing
) -> None:
    text, before = outgoing(), clock.now()
    network.behaviour.turn({"lost_answer_share": 1.0})
    assert (await failure_of(carrier.send(text))).ambiguous
    network.behaviour.turn({"lost_answer_share": 0.0})
    await eventually(lambda: network.pending == 0)

    found = await carrier.look_up(text, before)

    assert carrier.is_repeatable or (found and found.status is DeliveryStatus.DELIVERED)
    assert await carrier.look_up(text, before - timedelta(hours=1)) is None
    assert await carrier.look_up(outgoing(text="Another"), before) is None
