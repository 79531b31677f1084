"""Docker is used only where its engine answers; where it cannot help, binaries do."""

from collections.abc import Callable
from pathlib import Path

import pytest

from koinonia.common.testing.servers import ServerError, containers, discovery, install
from koinonia.common.testing.servers.redis import Redis

Client = Callable[[str], None]


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Put a ``docker`` on the path that does what the given shell line says."""

    def installed(line: str) -> None:
        script = tmp_path / "docker"
        script.write_text(f"#!/bin/sh\n{line}\n")
        script.chmod(0o755)

    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setenv("DOCKER_HOST", "tcp://127.0.0.1:9")
    return installed


def test_an_engine_that_answers_is_seen(client: Client) -> None:
    client("echo 28.1")
    assert containers.engine_answers()


def test_a_client_without_an_engine_is_not_docker(client: Client) -> None:
    client("echo 'Cannot connect to the Docker daemon' >&2; exit 1")
    assert not containers.engine_answers()


def test_an_engine_that_hangs_is_not_waited_for(client: Client) -> None:
    client("exec sleep 60")
    assert not containers.engine_answers(within=0.2)


def test_an_engine_that_gives_no_container_leaves_it_to_binaries(
    client: Client, tmp_path: Path, server_processes: None
) -> None:
    client("echo 28.1")
    found = discovery.start([Redis], tmp_path, durable=False, environ={})["redis"]
    how = found.how
    found.discard()
    assert how == "local"


def test_the_reason_why_docker_did_not_help_is_told_when_nothing_else_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ServerError, match="redis: no such image"):
        install.require([Redis], reason="Docker answers, but not with redis: no such image")
