"""A church that texts through Acme, in a process that finds Acme on its path alone.

Prints as JSON what became of the text.
"""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import httpx
import orjson
from acme_texts.carrier import SIGNATURE, sign
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from tests.integration.churches import Church

from koinonia.common import clock, db
from koinonia.common.events.auth import ChurchRegistered, ChurchVerified
from koinonia.common.events.billing import SpendApproved, SubscriptionUpdated
from koinonia.common.testing import service
from koinonia.common.testing.databases import Databases
from koinonia.common.testing.eventually import eventually
from koinonia.devkit.carrier.http_server import serving
from koinonia.devkit.carrier.unlimited import UNLIMITED
from koinonia.ingress.program import PROGRAM as INGRESS
from koinonia.messaging.program import PROGRAM as MESSAGING
from koinonia.messaging.running import Running

KEY = "acme key"
CHURCH = db.uuid7()


@dataclass
class Network:
    """Acme on the other side: what it took, and how it reports."""

    taken: list[dict[str, str]] = field(default_factory=list)

    @property
    def app(self) -> Starlette:
        return Starlette(routes=[Route("/texts", self.take, methods=["POST"])])

    async def take(self, request: Request) -> Response:
        if request.headers["authorization"] != KEY:
            return Response(status_code=401)
        self.taken.append(await request.json())
        return JSONResponse({"id": "acme-1"})

    async def report(self, ingress: httpx.AsyncClient) -> httpx.Response:
        body = orjson.dumps({"id": "acme-1", "status": "delivered", "parts": 3})
        headers = {SIGNATURE: sign(KEY, body)}
        return await ingress.post(self.taken[0]["tell"], content=body, headers=headers)


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[tuple[Running, Church, httpx.AsyncClient]]:
    """Messaging, the church as its staff sees it, and the ingress."""
    settings = {
        "redis_url": os.environ["REDIS_URL"],
        "rabbitmq_url": os.environ["RABBITMQ_URL"],
        "bus_namespace": os.environ["NAMESPACE"],
        "public_url": "http://ingress",
        "acme_url": url,
        "acme_key": KEY,
    }
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        databases = Databases(os.environ["MESSAGING_URL"], frozenset({"messaging"}))
        parts = service.opened(MESSAGING, databases, settings, carrier="acme", **UNLIMITED)
        messaging = await enter(parts)
        await enter(service.listening(MESSAGING, messaging))
        api = await enter(service.client(MESSAGING, messaging, service.token(CHURCH)))
        databases = Databases(os.environ["INGRESS_URL"], frozenset({"ingress"}))
        ingress = await enter(service.opened(INGRESS, databases, settings))
        account = {"church": {"id": str(CHURCH)}}
        calls = await enter(service.client(INGRESS, ingress))
        yield messaging, Church(api, "pastor@example.org", account), calls


async def main() -> None:
    network = Network()
    async with serving(network.app) as url, opened(url) as (messaging, church, ingress):
        registered = ChurchRegistered(church_id=CHURCH, church_name="Grace", timezone="UTC")
        verified = ChurchVerified(church_id=CHURCH)
        plan = SubscriptionUpdated(
            church_id=CHURCH,
            plan="trial",
            status="trialing",
            allowance_parts=100,
            period_ends_at=clock.now() + timedelta(days=30),
            number_limit=1,
        )
        await service.hear(MESSAGING, messaging, registered, verified, plan)
        await church.order_number()
        await church.bring(1)
        sent = await church.send("Hello from Acme")
        approved = SpendApproved(church_id=CHURCH, message_id=sent["id"], parts=1)
        await messaging.publisher.publish_event(approved)
        await eventually(lambda: bool(network.taken), within=20)
        answer = await network.report(ingress)
        message = await church.settled(sent["id"], within=20)
        outcome = {
            "number": church.number,
            "taken": network.taken,
            "answer": [answer.status_code, answer.text],
            "counts": message["counts"],
        }
        print(json.dumps(outcome))


if __name__ == "__main__":
    asyncio.run(main())
