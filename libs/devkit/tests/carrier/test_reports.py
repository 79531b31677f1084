"""Reports of the simulated carrier: signed, in Telnyx's words, repeated until they are taken.

The listener verifies the signature of everything it hears; a wrong one is answered 500.
"""

import asyncio
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from koinonia.common.testing.eventually import eventually
from koinonia.devkit.carrier import simulated
from koinonia.devkit.carrier.state.texts import Text


async def test_a_text_is_reported_sent_and_then_delivered(simulation: Any) -> None:
    sent = (await simulation.send()).json()["data"]
    await simulation.quiet()
    (first,) = simulation.listener.heard("message.sent")
    (last,) = simulation.listener.heard("message.finalized")
    assert first["id"] == last["id"] == sent["id"]
    assert (first["to"][0]["status"], last["to"][0]["status"]) == ("sent", "delivered")


@pytest.mark.parametrize(
    ("outcome", "status", "received"),
    [
        ("delivered", "delivered", 1),
        ("unconfirmed", "delivery_unconfirmed", 1),
        ("40008", "delivery_failed", 0),
        ("40014", "sending_failed", 0),
    ],
)
async def test_a_phone_can_be_given_a_fate(
    simulation: Any, outcome: str, status: str, received: int
) -> None:
    simulation.network.behaviour.outcomes["+12025550142"] = outcome
    await simulation.send("+12025550142")
    await simulation.quiet()
    (last,) = simulation.listener.heard("message.finalized")
    assert last["to"][0]["status"] == status
    assert len(simulation.network.ledger.phones["+12025550142"].receipts) == received


async def test_a_failed_text_says_why(simulation: Any) -> None:
    simulation.network.behaviour.outcomes["+12025550142"] = "40001"
    await simulation.send("+12025550142")
    await simulation.quiet()
    (last,) = simulation.listener.heard("message.finalized")
    assert last["errors"][0]["code"] == "40001"


async def test_a_report_is_repeated_with_its_id_until_it_is_taken(simulation: Any) -> None:
    simulation.listener.statuses = [500, 302]
    simulation.network.behaviour.outcomes["+12025550142"] = "40014"  # one report only
    await simulation.send("+12025550142")
    await simulation.quiet()
    attempts = [report["meta"]["attempt"] for report in simulation.listener.reports]
    assert attempts == [1, 2, 3]
    assert len({report["data"]["id"] for report in simulation.listener.reports}) == 1


async def test_a_report_nobody_takes_is_given_up(simulation: Any) -> None:
    simulation.listener.statuses = [503] * 6
    await simulation.send()
    await simulation.quiet()
    assert simulation.network.ledger.reports["lost"] == 2
    assert simulation.network.ledger.reports["attempts"] == 6


async def test_nobody_listening_is_survived(simulation: Any) -> None:
    await simulation.send(webhook_url="http://127.0.0.1:9/status")
    await simulation.quiet()
    assert simulation.network.ledger.reports["lost"] == 2


async def test_a_listener_that_hangs_up_between_reports_loses_none(simulation: Any) -> None:
    heard = 0

    async def answer_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal heard
        await reader.readuntil(b"\r\n\r\n")
        heard += 1
        writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")  # promises to stay, yet leaves
        writer.close()

    async with await asyncio.start_server(answer_once, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        for text in ("one", "two", "three"):
            await simulation.send(text=text, webhook_url=f"http://127.0.0.1:{port}/")
            await simulation.quiet()
    assert heard >= 6
    assert simulation.network.ledger.reports["delivered"] == 6


async def test_duplicates_have_the_id_of_their_twin(simulation: Any) -> None:
    simulation.network.behaviour.duplicate_share = 1.0
    await simulation.send()
    await simulation.quiet()
    ids = [report["data"]["id"] for report in simulation.listener.reports]
    assert (len(ids), len(set(ids))) == (4, 2)


async def test_a_thousand_reports_at_one_time_arrive(simulation: Any) -> None:
    url = f"{simulation.listener.url}/status"
    for number in range(500):
        phone = f"+1202555{number:04}"
        simulation.network.accept(text(phone, url))
    await eventually(lambda: simulation.network.pending == 0, within=30)
    assert len(simulation.listener.heard("message.finalized")) == 500


def text(phone: str, url: str | None = None) -> Text:
    return Text(
        dialect="telnyx",
        sender="+12025550190",
        to=phone,
        text="Hello",
        media_urls=[],
        profile_id=None,
        webhook_url=url,
    )


def fates(seed: int, phones: list[str]) -> dict[str, str]:
    network = simulated.network(Ed25519PrivateKey.from_private_bytes(bytes(32)), seed=seed)
    network.behaviour.turn({"fail_share": 0.3, "unconfirmed_share": 0.3})
    return {phone: network._fate(text(phone)) for phone in phones}


def test_the_same_seed_gives_every_phone_the_same_fate_in_any_order() -> None:
    phones = [f"+1202555{number:04}" for number in range(200)]
    assert fates(7, phones) == fates(7, phones[::-1])
    assert fates(7, phones) != fates(8, phones)
