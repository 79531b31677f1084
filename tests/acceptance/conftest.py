"""All seeds of a run are played together, once; each test looks at its own."""

import asyncio
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

import pytest
import pytest_asyncio

from koinonia.common.testing.databases import Cluster
from koinonia.common.testing.servers import Servers

from .playing import Played, play, stage
from .seeds import Seed
from .system import System


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def evening(
    request: pytest.FixtureRequest, servers: Servers, database_cluster: Cluster
) -> tuple[Played, str]:
    """What became of every seed that this run asks for, and what an operator's tool says of it."""
    seeds = {number for item in request.session.items for number in _seeds(item)}
    async with stage(database_cluster, servers.rabbitmq_url, servers.redis_url) as system:
        played = await play(system, [Seed(number) for number in sorted(seeds)])
        return played, await _verified(system)


def _seeds(item: pytest.Item) -> Collection[int]:
    """Those that a test looks at."""
    spec = getattr(item, "callspec", None)
    if spec is None or item.path.parent != Path(__file__).parent:
        return ()
    return spec.params["seeds"] if "seeds" in spec.params else (spec.params["seed"],)


@pytest.fixture
def played(evening: tuple[Played, str]) -> Played:
    return evening[0]


@pytest.fixture
def verified(evening: tuple[Played, str]) -> str:
    """The output of ``koinonia-carrier verify``, and its exit code."""
    return evening[1]


async def _verified(system: System) -> str:
    process = await asyncio.create_subprocess_exec(
        Path(sys.executable).with_name("koinonia-carrier"),
        "verify",
        f"--carrier-url={system.carrier_url}",
        f"--database-url={system.database_url}",
        "--within=10",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    return f"{said.decode()}\nexit {process.returncode}"
