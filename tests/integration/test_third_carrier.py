"""A carrier from outside the tree: its distribution on the path is all that it needs."""

import json
import os
import shutil
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from tests.architecture.source import ROOT

from koinonia.common.testing.databases import Cluster
from koinonia.common.testing.servers.process import spawn, tail

HERE = Path(__file__).parent

Outcome = dict[str, Any]


@pytest.fixture
def acme(tmp_path: Path) -> Path:
    """The sources of Acme, away from ours."""
    return Path(shutil.copytree(HERE / "acme", tmp_path / "acme")) / "src"


@pytest_asyncio.fixture(loop_scope="session")
async def databases(database_cluster: Cluster) -> AsyncIterator[dict[str, str]]:
    """A database for each service, from templates that their own tests use too."""
    async with (
        database_cluster.database(frozenset({"messaging"})) as messaging,
        database_cluster.database(frozenset({"ingress"})) as ingress,
    ):
        yield {"MESSAGING_URL": messaging.admin_url, "INGRESS_URL": ingress.admin_url}


@pytest.fixture
def outcome(
    acme: Path, databases: dict[str, str], redis_url: str, rabbitmq_url: str, bus_namespace: str
) -> Outcome:
    """What became of a text through Acme and of the report about it."""
    environment = {
        **os.environ,
        "PYTHONPATH": f"{acme}{os.pathsep}{ROOT}",
        **databases,
        "REDIS_URL": redis_url,
        "RABBITMQ_URL": rabbitmq_url,
        "NAMESPACE": bus_namespace,
    }
    log = acme.parent / "log"
    scenario = [sys.executable, str(HERE / "acme_scenario.py")]
    process = spawn(scenario, log=log, env=environment, cwd=acme)
    assert process.result(60) == 0, tail(log)
    [printed] = [line for line in log.read_text().splitlines() if line.startswith("{")]
    return dict(json.loads(printed))


async def test_a_carrier_from_outside_the_tree_carries_a_text_and_reports_it(
    outcome: Outcome,
) -> None:
    [text] = outcome["taken"]
    assert (text["from"], text["words"]) == (outcome["number"], "Hello from Acme")
    assert text["tell"].startswith("http://ingress/api/webhooks/acme/delivery?church=")
    assert outcome["answer"] == [202, "thanks"]
    assert outcome["counts"]["delivered"] == 1
