"""However a test run ends, its servers end with it."""

import asyncio
import json
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from koinonia.common.testing.eventually import eventually
from koinonia.common.testing.servers import Servers, temporary
from koinonia.common.testing.servers.process import Process

Run = tuple[asyncio.subprocess.Process, Process]
ROOT = Path(__file__).parents[3]
TEST = """
import asyncio, json, os, pathlib
async def test_that_never_ends(servers):
    redis = servers.redis.process
    place = pathlib.Path(os.environ["SEEN"])
    place.with_suffix(".new").write_text(json.dumps([redis.pid, redis.born]))
    place.with_suffix(".new").rename(place)
    await asyncio.Event().wait()
"""


@pytest.fixture
def workers() -> str:
    return "-n0"


@pytest.fixture
async def run(tmp_path: Path, servers: Servers, workers: str) -> AsyncIterator[Run]:
    """A run of pytest that started a Redis of its own: the run, and that Redis."""
    (tmp_path / "test_it.py").write_text(TEST)
    environment = os.environ | {
        "KOINONIA_DATABASE_URL": servers.database_url,
        "KOINONIA_RABBITMQ_URL": servers.rabbitmq_url,
        "TMPDIR": str(tmp_path),
        "SEEN": str(tmp_path / "seen"),
    }
    environment.pop("KOINONIA_REDIS_URL", None)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    command += [f"--rootdir={ROOT}", f"-c{ROOT}/pyproject.toml", f"{tmp_path}/test_it.py", workers]
    process = await asyncio.create_subprocess_exec(
        *command, env=environment, stdout=asyncio.subprocess.PIPE, cwd=ROOT
    )
    await eventually((tmp_path / "seen").exists, within=30)
    yield process, Process(*json.loads((tmp_path / "seen").read_text()))
    if process.returncode is None:
        process.kill()
    await process.wait()


@pytest.mark.parametrize(
    ("workers", "sign"),
    [("-n0", signal.SIGINT), ("-n0", signal.SIGTERM), ("-n2", signal.SIGTERM)],
)
async def test_an_interrupted_run_leaves_no_server_and_no_folder(
    run: Run, sign: signal.Signals, tmp_path: Path
) -> None:
    process, redis = run
    process.send_signal(sign)
    await asyncio.wait_for(process.communicate(), 30)
    assert not redis.alive()
    assert not _folders(tmp_path)


async def test_what_a_killed_run_left_is_ended_by_the_next(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    process, redis = run
    process.kill()
    await asyncio.wait_for(process.communicate(), 30)
    assert redis.alive()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    temporary.sweep()
    assert not redis.alive()
    assert not _folders(tmp_path)


def test_two_sets_of_servers_of_one_process_live_apart(servers: Servers) -> None:
    given = {
        "KOINONIA_DATABASE_URL": servers.database_url,
        "KOINONIA_RABBITMQ_URL": servers.rabbitmq_url,
    }
    with temporary.temporary_servers(given) as first:
        with temporary.temporary_servers(given) as second:
            temporary.sweep()
            assert first.redis.url != second.redis.url
        assert (first.redis.running(), second.redis.running()) == (True, False)
    assert not first.folder.exists()


def _folders(place: Path) -> list[Path]:
    return list(place.glob("koinonia-*"))
