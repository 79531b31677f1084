"""Opens and closes the hub, its reader of the broker and its periodic checks."""

import asyncio
import contextlib
import resource
from collections.abc import AsyncIterator

from koinonia.common.bus import StreamReader
from koinonia.common.event_texts import EventTexts
from koinonia.common.identity import Revocations
from koinonia.gateway import endings as endings_
from koinonia.gateway.endings import Endings
from koinonia.gateway.live import monitor, projection
from koinonia.gateway.live.hub import Hub
from koinonia.gateway.settings import Settings

STREAM = "live"
FILES = 65_536


@contextlib.asynccontextmanager
async def opened(
    settings: Settings, revocations: Revocations, endings: Endings, stop: asyncio.Event
) -> AsyncIterator[Hub]:
    """A hub that reads from the broker, and ends its streams when ``stop`` is set; and the reader
    of ``endings``."""
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
        seal=EventTexts.parse(settings.event_keys.get_secret_value()),
    )
    of_endings = StreamReader(
        settings.rabbitmq_url.get_secret_value(),
        "gateway",
        endings_.STREAM,
        endings_.EVENTS,
        endings,
        namespace=settings.bus_namespace,
        since=endings_.KEPT_SECONDS,
        kept=endings_.KEPT_SECONDS,
    )
    tasks = [
        asyncio.create_task(work)
        for work in (
            monitor.check_streams(hub),
            monitor.end_revoked_sessions(hub, revocations, endings),
            _stop_with(hub, stop),
        )
    ]
    reading = [asyncio.create_task(each.run(over)) for each in (reader, of_endings)]
    try:
        yield hub
    finally:
        over.set()
        for task in tasks:
            task.cancel()
        await asyncio.wait([*reading, *tasks])


async def _stop_with(hub: Hub, stop: asyncio.Event) -> None:
    await stop.wait()
    hub.stop()


def _allow_many_connections() -> None:
    """Each stream is an open file; many systems allow a process 1,024 unless it asks."""
    allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if most == resource.RLIM_INFINITY else min(FILES, most)
    if allowed != resource.RLIM_INFINITY and allowed < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
