"""A6: calls that no carrier made, and calls that a carrier made and that make no sense."""

import base64
import itertools
import json
import random
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest_asyncio
from tests.integration.network import Network

from koinonia.common.testing.phones import phone
from koinonia.common.testing.secrets import carrier_key
from koinonia.devkit.system import System

from .conftest import Founded

FORGED = {
    "/api/webhooks/telnyx/status": {"telnyx-signature-ed25519": "AAAA", "telnyx-timestamp": "1"},
    "/api/webhooks/telnyx/mms": {},
    "/api/webhooks/twilio/inbound": {"x-twilio-signature": "AAAA"},
    "/api/webhooks/twilio/status": {},
}
TELNYX = ("/api/webhooks/telnyx/status", "/api/webhooks/telnyx/mms")
ODD = (None, True, -1, 10**40, 1e308, "", " ", "a" * 70_000, "\ud83d", "a\0b", [], {}, [[]], [None])
REPORT = {
    "direction": "outbound",
    "from": {"phone_number": phone(9300)},
    "to": [{"phone_number": phone(9301), "status": "delivered"}],
    "parts": 2,
    "cost": {"amount": "0.0102", "currency": "USD"},
    "errors": [{"code": "40300", "title": "Blocked"}],
}
TEXT = {
    "direction": "inbound",
    "from": {"phone_number": phone(9302)},
    "to": [{"phone_number": phone(9303), "status": "webhook_delivered"}],
    "text": "Hello",
    "media": [{"url": "https://example.org/1.jpg", "content_type": "image/jpeg", "size": 9}],
    "received_at": "2026-11-01T15:10:00.100+00:00",
}


@pytest_asyncio.fixture(loop_scope="session")
async def forger(system: System) -> Any:  # Any: an asynchronous generator, to pytest
    """Calls where carriers do: the ingress itself."""
    url = system.environment.url("ingress")
    async with httpx.AsyncClient(base_url=url, trust_env=False) as client:
        yield client


async def test_forged_calls_keep_no_genuine_one_out(
    forger: httpx.AsyncClient, found: Founded, phones: Network
) -> None:
    church, person = await found(number=True), phone(9100)
    for path, headers in itertools.islice(itertools.cycle(FORGED.items()), 200):
        answer = await forger.post(path, headers=headers, json={"data": {}})
        assert answer.status_code in (400, 401, 403, 429), answer.text
    await phones.text(person, church.number, "Is there a service on Sunday?")
    thread = await church.conversation_with(person)
    assert [each["content"] for each in thread["messages"]] == ["Is there a service on Sunday?"]


async def test_the_gateway_passes_a_genuine_call_on_and_a_forged_one_too(system: System) -> None:
    """Who was given its address earlier still calls there."""
    body = _call("message.received", TEXT)
    async with httpx.AsyncClient(base_url=system.gateway_url, trust_env=False) as client:
        taken = await client.post(TELNYX[1], headers=_signed(system, body), content=body)
        forged = await client.post(TELNYX[1], headers=FORGED[TELNYX[0]], content=body)
    assert taken.status_code == 200
    assert forged.status_code in (401, 429)


async def test_a_genuine_call_with_another_byte_is_none(
    system: System, forger: httpx.AsyncClient
) -> None:
    body, chance = _call("message.received", TEXT), random.Random(11)
    headers, statuses = _signed(system, body), set()
    for _ in range(150):
        place, changed = chance.randrange(len(body)), bytearray(body)
        changed[place] ^= chance.randrange(1, 256)
        answer = await forger.post(TELNYX[1], headers=headers, content=bytes(changed))
        statuses.add(answer.status_code)
    assert statuses <= {401, 429}


async def test_an_old_call_is_not_taken_again(system: System, forger: httpx.AsyncClient) -> None:
    body = _call("message.received", TEXT)
    old = _signed(system, body, seconds_ago=3600)
    assert (await forger.post(TELNYX[1], headers=old, content=body)).status_code in (401, 429)


async def test_genuine_calls_that_make_no_sense_are_no_fault_of_ours(
    system: System, forger: httpx.AsyncClient
) -> None:
    statuses = set()
    for kind, payload in (("message.finalized", REPORT), ("message.received", TEXT)):
        for number, odd in enumerate(_odd(payload)):
            body = _call(kind, odd)
            path = TELNYX[number % 2]
            answer = await forger.post(path, headers=_signed(system, body), content=body)
            statuses.add(answer.status_code)
    assert statuses <= {200, 400}


def _odd(payload: Any) -> Iterator[Any]:
    """The payload with each of its values replaced by each odd one."""
    steps = payload.items() if isinstance(payload, dict) else enumerate(payload)
    for step, value in steps:
        inner = _odd(value) if isinstance(value, dict | list) else ()
        for odd in (*ODD, *inner):
            changed = payload.copy()
            changed[step] = odd
            yield changed


def _call(kind: str, payload: dict[str, Any]) -> bytes:
    data = {
        "record_type": "event",
        "id": f"{random.getrandbits(64)}",
        "event_type": kind,
        "occurred_at": "2026-11-01T15:00:02.900+00:00",
        "payload": {"id": f"{random.getrandbits(64)}", "type": "SMS"} | payload,
    }
    return json.dumps({"data": data}).encode()


def _signed(system: System, body: bytes, seconds_ago: int = 0) -> dict[str, str]:
    """The headers of a call by the carrier of this system."""
    stamp = str(int(time.time()) - seconds_ago)
    proof = carrier_key(system.environment.seed).sign(stamp.encode() + b"|" + body)
    return {
        "telnyx-timestamp": stamp,
        "telnyx-signature-ed25519": base64.b64encode(proof).decode(),
    }
