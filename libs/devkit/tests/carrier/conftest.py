"""A simulated carrier over real HTTP, and somebody who listens to its reports."""

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from koinonia.carriers.telnyx.api import Api
from koinonia.carriers.telnyx.carrier import Telnyx
from koinonia.common.testing.eventually import eventually
from koinonia.devkit.carrier import simulated
from koinonia.devkit.carrier.app import create_app
from koinonia.devkit.carrier.http_server import serving
from koinonia.devkit.carrier.network import Network

SENDER = "+12025550190"
PHONE = "+12025550142"
TIMES = ("send_latency", "sent_after", "final_after", "answer_after", "order_seconds")
CALM = dict.fromkeys((*TIMES, "fail_share", "answer_share"), 0.0) | {"webhook_backoff": 0.01}


@dataclass
class Listener:
    """Takes reports, verifies each and answers with the next of ``statuses``, then 200."""

    telnyx: Telnyx
    key: bytes
    url: str = ""
    statuses: list[int] = field(default_factory=list)
    reports: list[dict[str, Any]] = field(default_factory=list)

    async def hear(self, request: Request) -> Response:
        raw = await request.body()
        self.telnyx.verify(raw, request.headers, time.time())
        self.reports.append(orjson.loads(raw))
        return Response(status_code=self.statuses.pop(0) if self.statuses else 200)

    def heard(self, event_type: str) -> list[dict[str, Any]]:
        """The payloads of the reports of one kind."""
        events = [report["data"] for report in self.reports]
        return [event["payload"] for event in events if event["event_type"] == event_type]


@dataclass
class Simulation:
    network: Network
    listener: Listener
    api: httpx.AsyncClient
    control: httpx.AsyncClient

    async def send(self, to: str = PHONE, text: str = "Hello", **given: Any) -> httpx.Response:
        key = given.pop("key", f"msg:{uuid4()}")
        body = {
            "from": SENDER,
            "to": to,
            "text": text,
            "webhook_url": f"{self.listener.url}/status",
        }
        content = orjson.dumps(body | given)
        return await self.api.post("/messages", content=content, headers={"Idempotency-Key": key})

    async def profile(self, name: str = "church") -> str:
        body = {"name": name, "whitelisted_destinations": ["US"]}
        hook = {"webhook_url": f"{self.listener.url}/inbound"}
        answer = await self.api.post("/messaging_profiles", json=body | hook)
        return str(answer.json()["data"]["id"])

    async def number(self, profile_id: str, area_code: str = "202") -> str:
        params = {"filter[country_code]": "US", "filter[national_destination_code]": area_code}
        offers = await self.api.get("/available_phone_numbers", params=params)
        number = offers.json()["data"][0]["phone_number"]
        body = {"phone_numbers": [{"phone_number": number}], "messaging_profile_id": profile_id}
        await self.api.post("/number_orders", json=body)
        await eventually(lambda: self.network.numbers.owned[number].status == "success")
        return str(number)

    async def quiet(self) -> None:
        """Wait until nothing more happens by itself."""
        await eventually(lambda: self.network.pending == 0)


@pytest.fixture(scope="session")
async def listener() -> AsyncIterator[Listener]:
    key = Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key().public_bytes_raw()
    async with Api.open("http://127.0.0.1:9", "unused") as api:
        listener = Listener(Telnyx(api, [key]), key)
        app = Starlette(routes=[Route("/{path:path}", listener.hear, methods=["POST"])])
        async with serving(app) as listener.url:
            yield listener


@pytest.fixture(scope="session")
async def running(listener: Listener) -> AsyncIterator[Simulation]:
    network = simulated.network(
        Ed25519PrivateKey.from_private_bytes(bytes(32)), seed=7, api_key="KEY0123"
    )
    headers = {"Authorization": "Bearer KEY0123"}
    async with (
        serving(create_app(network)) as url,
        httpx.AsyncClient(base_url=f"{url}/v2", headers=headers) as api,
        httpx.AsyncClient(base_url=url) as control,
    ):
        yield Simulation(network, listener, api, control)


@pytest.fixture
async def simulation(running: Simulation) -> AsyncIterator[Simulation]:
    """A carrier that knows nothing yet, is quick and never fails by chance."""
    running.network.behaviour.turn(CALM)
    yield running
    running.network.forget()
    running.listener.statuses.clear()
    running.listener.reports.clear()
