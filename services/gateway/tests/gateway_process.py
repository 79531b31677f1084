"""A gateway as it runs: a process of its own."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from koinonia.common.testing.eventually import eventually
from koinonia.common.testing.secrets import demo_environment
from koinonia.common.testing.servers import ports

from .conftest import NO_BROKER, Peers
from .peers import free_port


@dataclass(frozen=True, slots=True)
class GatewayProcess:
    port: int
    pid: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def resident_bytes(self) -> int:
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")


@asynccontextmanager
async def running(
    redis_url: str, peers: Peers | None = None, **settings: object
) -> AsyncIterator[GatewayProcess]:
    """Settings by name: ``connections_per_address=2``. ``peers`` stand where the services would."""
    port = free_port()
    given: dict[str, object] = {
        "port": port,
        "host": "127.0.0.1",
        "redis_url": redis_url,
        "rabbitmq_url": NO_BROKER,
        **{f"{name}_url": peer.url for name, peer in (peers or {}).items()},
        **settings,
    }
    own = {f"KOINONIA_{name.upper()}": str(value) for name, value in given.items()}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "koinonia.gateway", "run"),
        env={**os.environ, **demo_environment("gateway"), **own},
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        await eventually(lambda: ports.accepts("127.0.0.1", port), within=20)
        yield GatewayProcess(port, process.pid)
    finally:
        process.terminate()
        await process.wait()
