"""Opens what the event stream needs for as long as the gateway runs."""

import asyncio
import contextlib
import resource
from collections.abc import AsyncIterator

from koinonia.common.bus import StreamReader
from koinonia.gateway.live import projection, watch
from koinonia.gateway.live.hub import Hub
from koinonia.gateway.running import Running
from koinonia.gateway.settings import Settings

STREAM = "live"
FILES = 65_536


@contextlib.asynccontextmanager
async def opened(running: Running) -> AsyncIterator[Hub]:
    """A hub that hears the broker, and ends its streams when ``running.stop`` is set."""
    settings: Settings = running.settings
    _allow_many_connections()
    hub, over = Hub(settings), asyncio.Event()
    reader = StreamReader(
        settings.rabbitmq_url.get_secret_value(),
        "gateway",
        STREAM,
        projection.EVENTS,
        hub,
        namespace=settings.bus_namespace,
        since=settings.live_window_seconds,
    )
    tasks = [
        asyncio.create_task(work)
        for work in (
            watch.pulse(hub),
            watch.sessions(hub, running.revocations),
            _stop_with(hub, running.stop),
        )
    ]
    reading = asyncio.create_task(reader.run(over))
    try:
        yield hub
    finally:
        over.set()
        for task in tasks:
            task.cancel()
        await asyncio.wait([reading, *tasks])


async def _stop_with(hub: Hub, stop: asyncio.Event) -> None:
    await stop.wait()
    hub.stop()


def _allow_many_connections() -> None:
    """Each stream is an open file; many systems let a process have 1,024 unless it asks."""
    allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if most == resource.RLIM_INFINITY else min(FILES, most)
    if allowed != resource.RLIM_INFINITY and allowed < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
