"""A run of several workers: one set of servers, and tests that nobody else may run beside."""

import asyncio
import fcntl
import os
import sys
import threading
from pathlib import Path

import pytest

from koinonia.common.testing import workers
from koinonia.common.testing.eventually import eventually
from koinonia.common.testing.servers import ServerError, Servers

ROOT = Path(__file__).parents[3]
TEST = """
import os, pathlib
def test_it(servers):
    place = pathlib.Path(os.environ["SEEN"], os.environ["PYTEST_XDIST_WORKER"])
    place.write_text(servers.redis_url)
"""


async def test_workers_share_the_servers_and_the_last_one_leaves_none(
    tmp_path: Path, servers: Servers
) -> None:
    for name in ("test_one.py", "test_two.py"):
        (tmp_path / name).write_text(TEST)
    given = {
        "KOINONIA_DATABASE_URL": servers.database_url,
        "KOINONIA_RABBITMQ_URL": servers.rabbitmq_url,
    }
    seen = tmp_path / "seen"
    seen.mkdir()
    await run("-n2", str(tmp_path), TMPDIR=str(tmp_path), SEEN=str(seen), **given)
    urls = [place.read_text() for place in seen.iterdir()]
    assert (len(urls), len(set(urls))) == (2, 1)
    assert [name for name in os.listdir(tmp_path) if name.startswith("koinonia-")] == []


async def test_every_worker_hears_why_there_are_no_servers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise ServerError("Not found: Redis.")

    monkeypatch.setattr(workers, "start_servers", refuse)
    controller = workers.Controller(with_servers=True)
    try:
        for _ in range(2):
            with pytest.raises(ServerError, match="Not found: Redis"):
                workers.shared_servers(controller.folder)
    finally:
        controller.close()


async def test_a_test_that_is_alone_waits_for_the_others_and_keeps_them_out(
    tmp_path: Path,
) -> None:
    log: list[str] = []
    leave = {name: threading.Event() for name in ("first", "alone", "later")}

    def play(name: str) -> None:
        with workers.Turns(tmp_path).turn(alone=name == "alone"):
            log.append(name)
            leave[name].wait(5)

    async def begun(name: str) -> asyncio.Task[None]:
        return asyncio.create_task(asyncio.to_thread(play, name))

    first = await begun("first")
    await eventually(lambda: log == ["first"])
    alone = await begun("alone")
    await eventually(lambda: waits_in(tmp_path / "entrance"))
    later = await begun("later")
    assert log == ["first"]
    leave["first"].set()
    await eventually(lambda: log == ["first", "alone"])
    leave["alone"].set()
    await eventually(lambda: log == ["first", "alone", "later"])
    leave["later"].set()
    await asyncio.gather(first, alone, later)


async def test_a_pure_run_leaves_out_who_wants_a_server_and_lets_nobody_start_one(
    tmp_path: Path,
) -> None:
    (tmp_path / "test_it.py").write_text("""
from koinonia.common.testing.servers.redis import Redis
def test_that_asks(servers): assert False
def test_that_does_not(tmp_path): Redis(tmp_path, durable=False).start()
def test_that_needs_none(): pass
""")
    said = await run("--pure", str(tmp_path), expected=1)
    assert "1 failed, 1 passed, 1 deselected" in said
    assert "asks for the fixture `server_processes`" in said


async def run(*arguments: str, expected: int = 0, **given: str) -> str:
    """What another run of pytest says."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    command += [f"--rootdir={ROOT}", f"-c{ROOT}/pyproject.toml", *arguments]
    process = await asyncio.create_subprocess_exec(
        *command, env=os.environ | given, stdout=asyncio.subprocess.PIPE, cwd=ROOT
    )
    said, _ = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == expected, said.decode()
    return said.decode()


def waits_in(entrance: Path) -> bool:
    """Somebody holds it, which is only who waits for the others to leave."""
    with entrance.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
