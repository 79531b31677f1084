"""The system's servers stay when the process that started them ends, and are found again."""

from pathlib import Path

import pytest

from koinonia.common.testing.servers import Servers
from koinonia.devkit import servers as system


def test_the_systems_servers_are_found_again_until_they_are_forgotten(
    servers: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, url in servers.environment().items():
        monkeypatch.setenv(name, url)
    started = system.up(tmp_path)
    found = system.found(tmp_path)
    assert found is not None
    assert found.environment() == started.environment() == servers.environment()
    system.down(tmp_path)
    assert system.found(tmp_path) is None
    assert servers.redis.running()
