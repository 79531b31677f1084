"""The ingress with real servers, a carrier that signs its calls, and a listener's queue."""

import base64
import json
import time
from collections.abc import AsyncIterator, Callable
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from koinonia.carriers.twilio import signature
from koinonia.common import bus
from koinonia.common.bus.connection import BusConnection
from koinonia.common.events import REGISTRY
from koinonia.common.runtime import Running
from koinonia.common.testing import secrets, service
from koinonia.common.testing.servers import Servers
from koinonia.ingress.program import PROGRAM

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
RAW = (serialization.Encoding.Raw, serialization.PublicFormat.Raw)
EVENT_TEXTS = secrets.event_texts()
PUBLIC_URL = "https://texts.example.org"
TWILIO_TOKEN = secrets.demo_environment()["KOINONIA_TWILIO_AUTH_TOKEN"]
EVENTS = (
    "carrier.status_reported",
    "carrier.statuses_reported",
    "carrier.message_received",
    "mail.reported",
)

Open = Callable[..., Any]


@pytest.fixture(autouse=True)
def _closed_circuits() -> None:
    """A broker that one test took away is asked again by the next."""
    service.close_circuits()


@pytest.fixture
def open_ingress(open_service: Open, bus_namespace: str) -> Open:
    """Opens the ingress; keywords replace settings."""
    given = {
        "bus_namespace": bus_namespace,
        "public_url": PUBLIC_URL,
        "trusted_proxies": "1",
        "telnyx_public_keys": base64.b64encode(KEY.public_key().public_bytes(*RAW)).decode(),
    }
    return lambda **changed: open_service(**given | changed)


@pytest.fixture
async def running(open_ingress: Open) -> AsyncIterator[Running]:
    async with open_ingress() as opened:
        yield opened


@pytest.fixture
async def ingress(running: Running) -> AsyncIterator[httpx.AsyncClient]:
    async with service.client(PROGRAM, running) as client:
        yield client


@pytest.fixture
async def heard(servers: Servers, bus_namespace: str) -> AsyncIterator[Callable[..., Any]]:
    """What messaging would hear: ``await heard("carrier.message_received")`` or None."""
    connection = BusConnection(servers.rabbitmq_url, "test")
    channel = await (await connection.open()).channel()
    names = bus.Names(bus_namespace)
    await bus.declare(channel, names, "messaging", EVENTS)

    async def take(event: str) -> dict[str, Any] | None:
        queue = await channel.get_queue(names.queue("messaging", event))
        message = await queue.get(fail=False)
        if message is None:
            return None
        await message.ack()
        assert message.type == event
        return dict(json.loads(REGISTRY[event].from_wire(message.body, EVENT_TEXTS).to_wire()))

    yield take
    await connection.close()


def signed(body: bytes, at: float | None = None) -> dict[str, str]:
    """The headers of a genuine call."""
    stamp = str(int(at or time.time()))
    proof = KEY.sign(stamp.encode() + b"|" + body)
    return {
        "telnyx-timestamp": stamp,
        "telnyx-signature-ed25519": base64.b64encode(proof).decode(),
    }


def signed_by_twilio(body: bytes, path: str, public_url: str = PUBLIC_URL) -> dict[str, str]:
    """The headers of a genuine call to ``path`` at our public address."""
    pairs = parse_qsl(body.decode(), keep_blank_values=True)
    posted = signature.posted_form(pairs)
    proof = signature.sign(TWILIO_TOKEN, f"{public_url}{path}".encode() + posted)
    return {"X-Twilio-Signature": proof.decode(), "Content-Type": signature.FORM}


__all__ = ["Open", "signed", "signed_by_twilio"]
