"""Looking into the simulated carrier and turning its knobs."""

import asyncio
import base64
import os
import socket
import subprocess
import sys
import time
from typing import Any

import httpx
import pytest

from koinonia.common.testing.eventually import eventually
from koinonia.devkit.carrier.app import signing_key
from koinonia.devkit.carrier.state import presets, segments
from koinonia.devkit.carrier.state.behaviour import Behaviour, Dice
from koinonia.devkit.carrier.state.presets import PRESETS

SEED = base64.b64encode(bytes(range(32))).decode()
PUBLIC_KEY = "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg="


async def test_the_ledger_counts_by_phone(simulation: Any) -> None:
    await simulation.send("+12025550142", key="msg:1")
    await simulation.send("+12025550142", key="msg:1")
    await simulation.quiet()
    ledger = (await simulation.control.get("/_control/ledger")).json()
    assert ledger["phones"] == {
        "+12025550142": {"calls": 2, "accepted": 1, "received": 1, "answered": 0}
    }
    assert (ledger["calls"], ledger["pending"]) == ({"accepted": 1, "replayed": 1}, 0)
    del ledger["phones"], ledger["blocked"]
    assert (await simulation.control.get("/_control/totals")).json() == ledger


async def test_the_ledger_shows_what_one_phone_received(simulation: Any) -> None:
    await simulation.send("+12025550142", "Sunday at ten")
    await simulation.quiet()
    phone = (await simulation.control.get("/_control/ledger/+12025550142")).json()
    assert phone["receipts"][0]["text"] == "Sunday at ten"


async def test_knobs_are_turned_and_shown(simulation: Any) -> None:
    await simulation.control.post("/_control/behaviour", json={"fail_share": 1})
    shown = (await simulation.control.get("/_control/behaviour")).json()
    assert shown["fail_share"] == 1


@pytest.mark.parametrize(
    "knobs",
    [
        {"fail_share": 0.5, "no_such": 1},
        {"fail_share": "0.5"},
        {"fail_share": -1},
        {"strict_senders": 1},
        {"outcomes": {"+12025550142": 1}},
        {"webhook_attempts": 1.5},
    ],
)
async def test_a_wrong_knob_turns_none(simulation: Any, knobs: dict[str, Any]) -> None:
    answer = await simulation.control.post("/_control/behaviour", json=knobs)
    assert answer.status_code == 400
    assert simulation.network.behaviour.fail_share == 0


async def test_a_preset_puts_all_other_knobs_back(simulation: Any) -> None:
    await simulation.control.post("/_control/behaviour", json={"fail_share": 1})
    knobs = {"preset": "bumpy", "clock": 0.1}
    shown = (await simulation.control.post("/_control/behaviour", json=knobs)).json()
    assert (shown["clock"], shown["throttle_share"], shown["fail_share"]) == (0.1, 0.02, 0.03)


async def test_a_preset_that_does_not_exist_turns_nothing(simulation: Any) -> None:
    answer = await simulation.control.post("/_control/behaviour", json={"preset": "kind"})
    assert (answer.status_code, "calm, bumpy, hostile" in answer.text) == (400, True)


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_fits_the_knobs(preset: str) -> None:
    assert Behaviour().turn(presets.knobs(preset))


async def test_a_reset_clears_the_ledger_and_keeps_the_numbers(simulation: Any) -> None:
    number = await simulation.number(await simulation.profile())
    await simulation.send()
    await simulation.quiet()
    await simulation.control.post("/_control/reset")
    assert simulation.network.ledger.phones == {}
    assert number in simulation.network.numbers.owned


async def test_a_full_reset_forgets_everything_even_what_is_on_its_way(simulation: Any) -> None:
    simulation.network.behaviour.turn({"sent_after": 0.05})
    await simulation.send()
    await simulation.control.post("/_control/reset", json={"everything": True})
    await simulation.quiet()
    assert simulation.network.texts == simulation.network.ledger.phones == {}
    assert simulation.network.behaviour == Behaviour()


@pytest.mark.parametrize("content", [b"[]", b"{", b'{"from": "+12025550142"}'])
async def test_an_incomplete_inbound_text_is_refused(simulation: Any, content: bytes) -> None:
    answer = await simulation.control.post("/_control/inbound", content=content)
    assert answer.status_code == 400


async def test_a_text_to_a_number_nobody_owns_is_not_found(simulation: Any) -> None:
    body = {"from": "+12025550142", "to": "+12025550199", "text": "Hello"}
    assert (await simulation.control.post("/_control/inbound", json=body)).status_code == 404


async def test_the_public_key_is_served(simulation: Any) -> None:
    served = (await simulation.control.get("/_control/public-key")).json()["publicKey"]
    assert base64.b64decode(served) == simulation.listener.key


def test_the_signing_key_comes_from_its_seed() -> None:
    public = signing_key(SEED).public_key().public_bytes_raw()
    assert base64.b64encode(public).decode() == PUBLIC_KEY


@pytest.mark.parametrize("seed", ["", "abc", "?", base64.b64encode(bytes(31)).decode()])
def test_another_seed_is_refused(seed: str) -> None:
    with pytest.raises(ValueError, match=r"base64|padding|alphabet|characters"):
        signing_key(seed)


@pytest.mark.parametrize(
    ("text", "encoding", "parts"),
    [
        ("", "GSM-7", 1),
        ("a" * 160, "GSM-7", 1),
        ("a" * 161, "GSM-7", 2),
        ("€" * 80, "GSM-7", 1),
        ("€" * 81, "GSM-7", 2),
        ("a" * 152 + "€" * 2 + "a" * 151, "GSM-7", 3),
        ("é" * 160, "GSM-7", 1),
        ("ê" * 70, "UCS-2", 1),
        ("ê" * 71, "UCS-2", 2),
        ("🙏" * 35, "UCS-2", 1),
        ("🙏" * 36, "UCS-2", 2),
        ("🙏" * 67, "UCS-2", 3),
    ],
)
def test_parts_are_counted_as_networks_do(text: str, encoding: str, parts: int) -> None:
    assert (segments.encoding(text), segments.parts(text)) == (encoding, parts)


def test_dice_fall_evenly_and_the_same_way_each_time() -> None:
    rolls = [Dice(1).roll("fail", number) for number in range(1000)]
    assert rolls == [Dice(1).roll("fail", number) for number in range(1000)]
    assert 0.45 < sum(rolls) / len(rolls) < 0.55


async def test_the_program_says_what_to_set_and_ends_at_once_when_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {**os.environ, "KOINONIA_SIMULATOR_SIGNING_SEED": SEED}
    arguments = ("-m", "koinonia.devkit.carrier", "--port", str(port), "--behaviour", "hostile")
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, env=environment, stdout=subprocess.PIPE
    )
    await eventually(lambda: answers(port), within=30)
    asked = time.monotonic()
    process.terminate()
    said, _ = await asyncio.wait_for(process.communicate(), timeout=10)
    assert time.monotonic() - asked < 3
    assert said.decode().splitlines()[1] == f"KOINONIA_TELNYX_PUBLIC_KEYS={PUBLIC_KEY}"


async def answers(port: int) -> bool:
    try:
        async with httpx.AsyncClient() as client:
            return (await client.get(f"http://127.0.0.1:{port}/health")).is_success
    except httpx.ConnectError:
        return False


def test_the_program_wants_its_signing_seed() -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("KOINONIA_")}
    command = [sys.executable, "-m", "koinonia.devkit.carrier"]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30)
    assert ended.returncode == 2
    assert "KOINONIA_SIMULATOR_SIGNING_SEED" in ended.stderr


def test_the_program_knows_its_presets() -> None:
    command = [sys.executable, "-m", "koinonia.devkit.carrier", "--behaviour", "kind"]
    environment = {**os.environ, "KOINONIA_SIMULATOR_SIGNING_SEED": SEED}
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30)
    assert ended.returncode == 2
    assert "hostile" in ended.stderr
