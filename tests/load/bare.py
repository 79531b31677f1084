"""Processes of the bare framework, for floors."""

import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from tests.load.bare_app import KEPT
from tests.load.figures import Spoiled

from koinonia.common.testing.servers import ports
from koinonia.common.testing.servers.process import Process, spawn, tail
from koinonia.devkit.layout import ROOT

START_SECONDS = 20.0


@dataclass(frozen=True)
class Bare:
    """One running process."""

    port: int
    process: Process

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def reports_url(self) -> str:
        return f"{self.url}/reports"

    def serve(self, body: bytes, headers: Mapping[str, str]) -> str:
        """Answer these bytes from now on; the address where."""
        kept = {name: headers[name] for name in KEPT if name in headers}
        url = f"{self.url}/body"
        httpx.put(url, content=body, headers=kept, timeout=5, trust_env=False)
        return url


@contextmanager
def running(folder: Path, count: int) -> Iterator[list[Bare]]:
    """``count`` processes, started at once and ended with the block."""
    started: list[Bare] = []
    try:
        started.extend(_spawned(folder) for _ in range(count))
        _await(started, folder)
        yield started
    finally:
        for one in started:
            one.process.end(signal.SIGTERM, 5)


def _spawned(folder: Path) -> Bare:
    port = ports.free_port()
    command = [sys.executable, "-m", "tests.load.bare_app", str(port)]
    return Bare(port, spawn(command, log=folder / "bare.log", env=os.environ, cwd=ROOT))


def _await(started: list[Bare], folder: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not all(ports.accepts(ports.LOOPBACK, one.port) for one in started):
        if time.monotonic() > deadline:
            raise Spoiled(f"The bare framework did not start:\n{tail(folder / 'bare.log')}")
        time.sleep(0.02)
