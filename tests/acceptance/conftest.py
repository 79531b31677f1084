"""All seeds of a run are played together, once; each test looks at its own."""

import pytest
import pytest_asyncio

from koinonia.common.testing.databases import Cluster
from koinonia.common.testing.servers import Servers

from .playing import Played, play, stage
from .seeds import Seed


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def played(
    request: pytest.FixtureRequest, servers: Servers, database_cluster: Cluster
) -> Played:
    """What became of every seed that this run asks for."""
    parameters = (getattr(item, "callspec", None) for item in request.session.items)
    seeds = {spec.params["seed"] for spec in parameters if spec and "seed" in spec.params}
    async with stage(database_cluster, servers.rabbitmq_url, servers.redis_url) as system:
        return await play(system, [Seed(number) for number in sorted(seeds)])
