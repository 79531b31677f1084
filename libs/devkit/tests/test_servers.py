"""Servers are found in one order, survive a crash, and leave nothing when they end."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis as Client

from koinonia.common.testing.servers import ServerError, discovery, ports
from koinonia.common.testing.servers.process import Process
from koinonia.common.testing.servers.rabbitmq import RabbitMQ
from koinonia.common.testing.servers.redis import Redis
from koinonia.common.testing.servers.server import Server


@pytest.fixture
def redis(tmp_path: Path, server_processes: None) -> Iterator[Redis]:
    server = Redis(tmp_path / "redis", durable=True)
    server.start()
    yield server
    server.discard()


def start(folder: Path, *kinds: discovery.Kind, **environ: str) -> dict[str, Server]:
    return discovery.start(kinds, folder, durable=False, environ=environ)


def test_a_killed_server_starts_again_at_the_same_address(redis: Redis) -> None:
    before = redis.url
    redis.kill()
    assert not redis.running()
    redis.start()
    assert (redis.url, Client.from_url(before).ping()) == (before, True)


def test_a_durable_server_keeps_its_data_over_an_orderly_stop(redis: Redis) -> None:
    Client.from_url(redis.url).set("key", "value")
    redis.stop()
    redis.start()
    assert Client.from_url(redis.url).get("key") == b"value"


def test_another_process_finds_the_server_by_its_folder_and_stops_it(
    redis: Redis, tmp_path: Path
) -> None:
    found = discovery.saved(Redis, tmp_path)
    assert found is not None
    found.stop()
    assert not redis.running()


def test_what_already_runs_is_used_again(redis: Redis, tmp_path: Path) -> None:
    found = start(tmp_path, Redis)["redis"]
    assert (found.url, found.pid) == (redis.url, redis.pid)


def test_a_server_whose_port_was_taken_meanwhile_moves(redis: Redis, tmp_path: Path) -> None:
    redis.stop()
    squatter = Redis(tmp_path / "squatter", durable=False, state={"port": redis.port})
    squatter.start()
    moved = start(tmp_path, Redis)["redis"]
    squatter.discard()
    moved.stop()
    assert moved.url != redis.url


def test_a_given_url_wins_and_is_never_stopped(redis: Redis, tmp_path: Path) -> None:
    given = start(tmp_path / "other", Redis, KOINONIA_REDIS_URL=redis.url)["redis"]
    assert (given.how, given.url) == ("url", redis.url)
    with pytest.raises(ServerError, match="stop it where it was started"):
        given.stop()
    given.discard()
    assert redis.running()


def test_a_given_url_ends_what_was_started_in_its_place_before(
    redis: Redis, tmp_path: Path
) -> None:
    other = Redis(tmp_path / "other", durable=False)
    other.start()
    start(tmp_path, Redis, KOINONIA_REDIS_URL=other.url)
    other.discard()
    assert not redis.running()


def test_a_given_url_that_nobody_answers_is_refused_by_its_name(tmp_path: Path) -> None:
    url = f"redis://:hidden@127.0.0.1:{ports.free_port()}/0"
    with pytest.raises(ServerError, match="KOINONIA_REDIS_URL is set, but nothing") as refusal:
        start(tmp_path, Redis, KOINONIA_REDIS_URL=url)
    assert "hidden" not in str(refusal.value)


def test_when_one_server_fails_the_others_end_with_it(
    tmp_path: Path, server_processes: None
) -> None:
    nobody = f"amqp://127.0.0.1:{ports.free_port()}/"
    with pytest.raises(ServerError):
        start(tmp_path, Redis, RabbitMQ, KOINONIA_RABBITMQ_URL=nobody)
    assert discovery.saved(Redis, tmp_path) is None


def test_a_server_that_cannot_start_shows_the_end_of_its_log(redis: Redis, tmp_path: Path) -> None:
    second = Redis(tmp_path / "second", durable=False, state={"port": redis.port, "password": "x"})
    with pytest.raises(ServerError, match="bind: Address already in use"):
        second.start()


def test_a_missing_binary_is_named_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ServerError) as refusal:
        start(tmp_path, Redis)
    assert str(refusal.value) == (
        "Not found: Redis 7 or newer. Start Docker, or install with `sudo apt-get install "
        "redis-server` or `brew install redis`, or set KOINONIA_REDIS_URL."
    )


def test_the_description_and_the_files_keep_the_password(redis: Redis, tmp_path: Path) -> None:
    assert redis.password not in repr(redis.describe())
    readable = [path for path in tmp_path.rglob("*") if path.is_file() and _others_read(path)]
    assert not [path for path in readable if redis.password in path.read_text(errors="ignore")]


def test_a_pid_that_belongs_to_somebody_else_by_now_is_left_alone_with_its_children() -> None:
    child = subprocess.Popen(["sleep", "60"])
    Process(os.getpid(), "born long ago").end(signal.SIGKILL, within=1)
    assert child.poll() is None
    child.kill()
    child.wait()


def _others_read(path: Path) -> bool:
    return bool(path.stat().st_mode & 0o044)
