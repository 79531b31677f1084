"""The sending half of Koinonia in this process: real servers, real HTTP, two of every worker."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg
import httpx

from koinonia.billing.program import PROGRAM as BILLING
from koinonia.common.runtime import Program
from koinonia.common.testing import secrets, service
from koinonia.common.testing.databases import Databases
from koinonia.devkit.carrier import simulated
from koinonia.devkit.carrier.app import create_app
from koinonia.devkit.carrier.http_server import serving
from koinonia.devkit.carrier.network import Network
from koinonia.devkit.carrier.state import presets
from koinonia.devkit.carrier.unlimited import UNLIMITED
from koinonia.ingress.program import PROGRAM as INGRESS
from koinonia.messaging.program import PROGRAM as MESSAGING

from .watching import Watcher, watching

SERVICES = (MESSAGING, BILLING, INGRESS)
COPIES = 2
CLOCK = 0.05
FAST = {
    f"{whose}_{what}_per_second": 10_000.0
    for whose in ("carrier", "number")
    for what in ("parts", "media")
}
"""Hundreds of churches share one account of the carrier here."""
SOON = {"report_patience_minutes": 1e-4, "unconfirmed_after_hours": 1e-6}
"""When a message is looked after, what the carrier has not said by then is asked for."""
CARRIER_SEED = 1  # a seed of the suite differs in its phones and words


@dataclass(frozen=True, slots=True)
class System:
    network: Network
    carrier_url: str
    database_url: str
    """The administrator's."""
    servers: Mapping[str, str]
    books: Any
    """A connection that sees all schemas and all churches."""
    messaging: Sequence[Any]
    """The running parts of each of the messaging workers."""
    api: httpx.AsyncClient
    """Messaging's interface."""
    watcher: Watcher


@asynccontextmanager
async def running(databases: Databases, servers: Mapping[str, str]) -> AsyncIterator[System]:
    """``servers``: the settings ``rabbitmq_url``, ``redis_url`` and ``bus_namespace``."""
    network = simulated.network(secrets.carrier_key(), seed=CARRIER_SEED)
    network.behaviour.turn(presets.knobs("hostile") | {"clock": CLOCK})
    async with AsyncExitStack() as stack:
        carrier_url = await stack.enter_async_context(serving(create_app(network)))
        ingress = INGRESS.create_app()
        ingress_url = await stack.enter_async_context(serving(ingress))
        settings: dict[str, Any] = {
            **servers,
            **FAST,
            **SOON,
            "public_url": ingress_url,
            "telnyx_api_url": f"{carrier_url}/v2",
            "twilio_api_url": carrier_url,
        }

        async def work(program: Program) -> Any:
            opened = service.opened(program, databases, settings, **UNLIMITED)
            parts = await stack.enter_async_context(opened)
            await stack.enter_async_context(service.working(program, parts))
            return parts

        working = {(each.name, n): await work(each) for each in SERVICES for n in range(COPIES)}
        ingress.state.running = working[INGRESS.name, 0]
        messaging = [working[MESSAGING.name, n] for n in range(COPIES)]
        watcher = await stack.enter_async_context(watching(messaging[0].settings))
        api = await stack.enter_async_context(service.client(MESSAGING, messaging[0]))
        books = await asyncpg.connect(databases.admin_url, timeout=10)
        stack.push_async_callback(books.close)
        yield System(
            network, carrier_url, databases.admin_url, servers, books, messaging, api, watcher
        )
