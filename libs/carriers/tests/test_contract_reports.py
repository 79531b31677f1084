"""Every carrier: what it tells us is verified, read, and the same when it comes again."""

from contextlib import suppress
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from koinonia.carriers import CARRIERS
from koinonia.carriers.contract import (
    BadSignature,
    Carrier,
    Malformed,
    StatusReport,
    Unknown,
)
from koinonia.carriers.failures import Failure
from koinonia.common.events.messaging import DeliveryStatus
from koinonia.common.testing.eventually import eventually
from koinonia.devkit.carrier.network import Network

from .listener import Listener
from .shared import CHURCH, PERSON, Outgoing, failure_of

pytestmark = pytest.mark.parametrize("carrier_name", sorted(CARRIERS))


async def test_a_text_is_reported_sent_and_delivered(
    carrier: Carrier, network: Network, listener: Listener, outgoing: Outgoing
) -> None:
    url = f"{listener.url}/status?church={CHURCH}&recipient={uuid4()}"
    accepted = await carrier.send(outgoing(report_url=url))
    first, last = await listener.heard(carrier, network)
    assert isinstance(first, StatusReport)
    assert isinstance(last, StatusReport)
    assert (first.status, last.status) == (DeliveryStatus.SENT, DeliveryStatus.DELIVERED)
    assert first.carrier_message_id == last.carrier_message_id == accepted.carrier_message_id
    assert first.sender == last.sender == "+12025550190"
    assert first.carrier_event_id != last.carrier_event_id


async def test_a_text_that_failed_says_why(
    carrier: Carrier, network: Network, listener: Listener, outgoing: Outgoing
) -> None:
    network.behaviour.outcomes[PERSON] = "40001"
    await carrier.send(outgoing(report_url=f"{listener.url}/status"))
    _, last = await listener.heard(carrier, network)
    assert isinstance(last, StatusReport)
    assert (last.status, last.failure) == (DeliveryStatus.FAILED, Failure.NOT_TEXTABLE)
    assert last.failure_code


async def test_a_redelivered_report_is_the_same_event(
    carrier: Carrier, network: Network, listener: Listener, outgoing: Outgoing
) -> None:
    network.behaviour.turn({"duplicate_share": 1.0})
    await carrier.send(outgoing(report_url=f"{listener.url}/status"))
    told = await listener.heard(carrier, network)
    assert (len(told), len({report.carrier_event_id for report in told})) == (4, 2)


async def test_a_text_can_be_looked_up_later(
    carrier: Carrier, network: Network, outgoing: Outgoing
) -> None:
    accepted = await carrier.send(outgoing(text="Amen 🙏" * 20))
    await eventually(lambda: network.pending == 0)
    report = await carrier.retrieve(accepted.carrier_message_id)
    assert (report.status, report.parts) == (DeliveryStatus.DELIVERED, 3)
    assert report.cost == Decimal("0.0153")
    assert report == await carrier.retrieve(accepted.carrier_message_id)


async def test_an_unknown_text_is_not_found(carrier: Carrier) -> None:
    assert (await failure_of(carrier.retrieve("../none"))).failure is Failure.NOT_FOUND


async def test_a_call_with_another_body_is_refused(
    carrier: Carrier, network: Network, listener: Listener, outgoing: Outgoing
) -> None:
    await carrier.send(outgoing(report_url=f"{listener.url}/status"))
    await eventually(lambda: network.pending == 0)
    call = listener.calls[0]
    for raw, headers in ((call.raw + b"&x=", call.headers), (call.raw, {}), (b"", call.headers)):
        with pytest.raises(BadSignature):
            carrier.verify(raw, headers, 0.0, url=call.url)


@pytest.mark.parametrize(
    "share", ["odd_share", "odd_cost_share", "illegible_share", "unknown_share", "echo_share"]
)
async def test_no_oddity_of_a_report_breaks_the_parser(
    carrier: Carrier, network: Network, listener: Listener, outgoing: Outgoing, share: str
) -> None:
    network.behaviour.turn({share: 1.0})
    for number in range(100, 120):
        url = f"{listener.url}/status"
        await carrier.send(outgoing(to=f"+12025550{number}", report_url=url))
    told = await listener.heard(carrier, network)
    assert len(told) == len(listener.calls) >= 40


@pytest.mark.parametrize("raw", [b"", b"[1]", b"not json", b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_event_is_malformed(carrier: Carrier, raw: bytes) -> None:
    with pytest.raises(Malformed):
        carrier.parse(raw)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.binary() | st.text().map(str.encode))
def test_no_bytes_break_the_parser(carrier: Carrier, raw: bytes) -> None:
    with suppress(Malformed):
        assert all(isinstance(each, Unknown) for each in carrier.parse(raw))
