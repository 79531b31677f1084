"""RabbitMQ dies and comes back: it is killed, so it must be one of our own."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from koinonia.common.testing.servers import Servers
from koinonia.common.testing.servers.temporary import temporary_servers
from koinonia.devkit.system import System

from .conftest import Founded, whole_system
from .network import Network

TEXT = "The roof is leaking. Bring buckets, and a friend."


@pytest.mark.alone("all that is tested needs the broker")
async def test_a_broker_that_dies_and_comes_back_costs_nothing_but_time(
    breakable: Servers, found: Founded, phones: Network
) -> None:
    church = await found(members=5)
    breakable.rabbitmq.kill()
    sent = await church.send(TEXT)
    await phones.text(church.phones[0], church.number, "Is the service on?")
    breakable.rabbitmq.start()
    message = await church.settled(sent["id"])
    await phones.rest()
    assert message["counts"]["delivered"] == 5
    assert [await phones.texts(each) for each in church.phones] == [[TEXT]] * 5
    assert (await church.conversation_with(church.phones[0]))["unreadCount"] == 1


@pytest.fixture(scope="session")
def breakable(servers: Servers) -> Iterator[Servers]:
    """The servers of the run; with a RabbitMQ of our own where somebody else's came by URL."""
    if servers.rabbitmq.how != "url":
        yield servers
        return
    given = {
        "KOINONIA_DATABASE_URL": servers.database_url,
        "KOINONIA_REDIS_URL": servers.redis_url,
    }
    with temporary_servers(given) as own:
        yield own


@pytest.fixture(scope="session")
def system(request: pytest.FixtureRequest, servers: Servers) -> System:
    """The system that everything here runs on."""
    is_given = servers.rabbitmq.how == "url"
    found: System = request.getfixturevalue("system_of_its_own" if is_given else "system")
    return found


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def system_of_its_own(
    breakable: Servers, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[System]:
    async with whole_system(breakable, tmp_path_factory.mktemp("breakable")) as running:
        yield running
