"""The folder is the list: a service that is added runs, and is known where services are listed."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from koinonia.common import packages
from koinonia.common.testing.databases import Databases, role_url
from koinonia.common.testing.eventually import eventually
from koinonia.common.testing.secrets import role_password
from koinonia.common.testing.servers.ports import free_port
from koinonia.common.testing.servers.process import Process, spawn, tail
from koinonia.devkit import layout

from . import newcomer

Environment = dict[str, str]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return newcomer.write(tmp_path)


@pytest.fixture
def environment(
    source: Path,
    databases: Databases,
    redis_url: str,
    rabbitmq_url: str,
    bus_namespace: str,
    settings_env: dict[str, str],
) -> Environment:
    url = databases.admin_url
    return {
        **os.environ,
        **settings_env,
        "PYTHONPATH": str(source),
        "KOINONIA_PORT": str(free_port()),
        "KOINONIA_HOST": "127.0.0.1",
        "KOINONIA_DATABASE_URL": role_url(url, newcomer.NAME),
        "KOINONIA_DATABASE_OWNER_URL": url,
        "KOINONIA_DATABASE_ROLE_PASSWORD": role_password(url),
        "KOINONIA_RABBITMQ_URL": rabbitmq_url,
        "KOINONIA_REDIS_URL": redis_url,
        "KOINONIA_BUS_NAMESPACE": bus_namespace,
    }


@pytest.fixture
def running(environment: Environment, tmp_path: Path) -> Iterator[Process]:
    """The new service, its schema and queues made."""
    assert command(environment, tmp_path, "migrate").result(60) == 0, tail(tmp_path / "log")
    process = command(environment, tmp_path, "run", "--role", "all")
    yield process
    process.end(signal.SIGKILL, 5)


def command(environment: Environment, folder: Path, *words: str) -> Process:
    args = [sys.executable, "-m", f"koinonia.{newcomer.NAME}", *words]
    return spawn(args, log=folder / "log", env=environment, cwd=folder)


async def status(environment: Environment, path: str) -> int:
    url = f"http://127.0.0.1:{environment['KOINONIA_PORT']}{path}"
    async with httpx.AsyncClient(trust_env=False) as client:
        try:
            return (await client.get(url)).status_code
        except httpx.HTTPError:
            return 0


@pytest.mark.services
async def test_a_new_service_runs_until_it_is_told_to_stop(
    running: Process, environment: Environment, tmp_path: Path
) -> None:
    async def is_ready() -> bool:
        assert running.alive(), tail(tmp_path / "log")
        return await status(environment, "/health/ready") == 200

    await eventually(is_ready, within=60)
    assert await status(environment, "/health") == 200
    os.kill(running.pid, signal.SIGTERM)
    assert running.result(30) == 0, tail(tmp_path / "log")


def test_a_new_service_is_started_and_its_dead_events_are_found(source: Path) -> None:
    root = source.parents[2]
    assert layout.services(root) == (newcomer.NAME,)
    assert newcomer.NAME in packages.services([str(source)])
    programs = {
        point.name: point.value for point in packages.declared(packages.SERVICES, [str(source)])
    }
    assert programs[newcomer.NAME] == f"koinonia.{newcomer.NAME}.program:PROGRAM"
