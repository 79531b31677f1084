"""P14: every operation keeps to the document, whatever it is sent. A church that has one of
everything is asked thousands of things that schemathesis makes up."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from tests.integration import churches
from tests.integration.churches import Church
from tests.integration.conftest import Founded
from tests.integration.network import Network
from tests.integration.things import Things, things

from koinonia.devkit.system import System

from . import fuzzing, parts

RESOURCES = parts.by_resource(fuzzing.document())


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def settled(system: System) -> AsyncIterator[tuple[Church, Things]]:
    """A church with one of everything."""
    async with (
        httpx.AsyncClient(base_url=system.carrier_url, timeout=10, trust_env=False) as http,
        churches.registered(system.gateway_url) as church,
    ):
        await church.order_number()
        await church.bring(3)
        yield church, await things(church, Network(http))


@pytest.mark.parametrize("resource", sorted(set(RESOURCES) - {"endings"}))
async def test_operations_keep_to_the_document(
    settled: tuple[Church, Things], system: System, resource: str
) -> None:
    church, ids = settled
    await tried(system, church, ids, RESOURCES[resource])


@pytest.mark.parametrize("operation", RESOURCES["endings"])
async def test_operations_that_end_something_keep_to_the_document(
    found: Founded, phones: Network, system: System, operation: str
) -> None:
    church = await found(members=1)
    await tried(system, church, await things(church, phones), [operation])


async def tried(system: System, church: Church, ids: Things, operations: list[str]) -> None:
    """Without a failure."""
    token = church.api.headers["Authorization"]
    outcome = await asyncio.to_thread(fuzzing.run, system.gateway_url, token, ids, operations)
    assert outcome.statuses.total() > len(operations)
    assert outcome.failures == [], "\n\n".join(outcome.failures[:20])
