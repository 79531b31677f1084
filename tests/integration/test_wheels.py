"""What is in the wheels is enough: two services that were installed from nothing else migrate and
run. No source folder is on their path."""

import os
import secrets
import site
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import httpx
import pytest

from koinonia.common.testing.databases import role_url
from koinonia.common.testing.eventually import eventually
from koinonia.common.testing.secrets import demo_environment, role_password
from koinonia.common.testing.servers import Servers
from koinonia.common.testing.servers.ports import free_port
from koinonia.devkit.layout import ROOT
from koinonia.devkit.migrations import create_database

PACKAGES = (
    "libs/common",
    "libs/carriers",
    "libs/media",
    "libs/mail",
    "services/ingress",
    "services/conversation",
)
SERVICES = ("ingress", "conversation")
WHERE = (
    "import koinonia.{0}, koinonia.common; print(koinonia.{0}.__file__, koinonia.common.__file__)"
)
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = $1"
FUNCTIONS = "SELECT proname FROM pg_proc WHERE pronamespace = $1::text::regnamespace"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheels of two services and of what they need of ours."""
    wheels, target = tmp_path_factory.mktemp("wheels"), tmp_path_factory.mktemp("installed")

    def build(package: str) -> None:
        run(["-m", "hatchling", "build", "-t", "wheel", "-d", str(wheels)], cwd=ROOT / package)

    with ThreadPoolExecutor() as pool:
        list(pool.map(build, PACKAGES))
    given = [str(wheel) for wheel in sorted(wheels.glob("*.whl"))]
    assert len(given) == len(PACKAGES)
    run(["-m", "pip", "install", "-q", "--no-index", "--no-deps", "--target", str(target), *given])
    return target


@pytest.fixture
async def url(servers: Servers) -> AsyncIterator[str]:
    """The owner's URL of an empty database."""
    name = f"koinonia_wheels_{secrets.token_hex(4)}"
    yield create_database(servers.database_url, name)
    owner = await asyncpg.connect(servers.database_url)
    await owner.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await owner.close()


def run(arguments: list[str], cwd: Path | None = None, env: dict[str, str] | None = None) -> str:
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def environment(folder: Path, **settings: str) -> dict[str, str]:
    """The installed folder and other people's packages. ``-S`` leaves out our editable ones."""
    path = os.pathsep.join([str(folder), *site.getsitepackages()])
    named = {f"KOINONIA_{name.upper()}": value for name, value in settings.items()}
    return {"PATH": os.environ["PATH"], "PYTHONPATH": path} | named


@contextmanager
def process(arguments: list[str], env: dict[str, str], cwd: Path) -> Iterator[None]:
    running = subprocess.Popen([sys.executable, *arguments], env=env, cwd=cwd)
    try:
        yield
    finally:
        running.terminate()
        assert running.wait(30) == 0


@pytest.mark.parametrize("service", SERVICES)
async def test_an_installed_service_migrates_and_runs(
    installed: Path,
    url: str,
    servers: Servers,
    redis_url: str,
    bus_namespace: str,
    tmp_path: Path,
    service: str,
) -> None:
    where = run(["-S", "-c", WHERE.format(service)], env=environment(installed), cwd=tmp_path)
    assert {Path(file).parents[2] for file in where.split()} == {installed}

    servers_of_ours = {
        "rabbitmq_url": servers.rabbitmq_url,
        "redis_url": redis_url,
        "bus_namespace": bus_namespace,
    }
    owner = {"database_owner_url": url, "database_role_password": role_password(url)}
    migrating = environment(installed, **servers_of_ours, **owner)
    run(["-S", "-m", f"koinonia.{service}", "migrate"], env=migrating, cwd=tmp_path)
    connection = await asyncpg.connect(url)
    tables = {row[0] for row in await connection.fetch(TABLES, service)}
    functions = {row[0] for row in await connection.fetch(FUNCTIONS, service)}
    await connection.close()
    package = installed / "koinonia" / service / "migrations"
    assert tables > {"inbox", "outbox", "schema_version"}
    assert functions >= {"notify_outbox"} | {
        file.stem for file in package.glob("sql/*.sql") if "FUNCTION" in file.read_text()
    }

    port = free_port()
    own = {"database_url": role_url(url, service), "port": str(port), "host": "127.0.0.1"}
    media = {"media_folder": str(tmp_path)}
    running = environment(installed, **servers_of_ours, **own, **media) | demo_environment()
    with process(["-S", "-m", f"koinonia.{service}", "run"], running, tmp_path):
        async with httpx.AsyncClient(trust_env=False) as client:
            await eventually(lambda: is_ready(client, port), within=30)


async def is_ready(client: httpx.AsyncClient, port: int) -> bool:
    try:
        answer = await client.get(f"http://127.0.0.1:{port}/health/ready")
    except httpx.TransportError:
        return False
    return answer.status_code == httpx.codes.OK
