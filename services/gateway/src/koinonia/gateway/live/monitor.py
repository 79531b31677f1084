"""Periodic checks of open streams: heartbeats, slow clients, expired tokens, ended sessions."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import structlog

from koinonia.common import clock
from koinonia.common.identity import Revocations
from koinonia.gateway.endings import Endings
from koinonia.gateway.live import frames
from koinonia.gateway.live.hub import Hub
from koinonia.gateway.live.stream import UNPLACED, Stream

log = structlog.get_logger()

TICKS_PER_BEAT = 15  # so that 2,000 streams do not all beat at once
LONGEST_TICK = 1.0
STOP_SECONDS = 2.0  # for a slow client's last write when the process ends


async def check_streams(hub: Hub) -> None:
    """Send heartbeats; end streams of slow clients and expired tokens."""
    every = min(LONGEST_TICK, hub.settings.live_beat_seconds / TICKS_PER_BEAT)

    async def tick() -> None:
        now = time.monotonic()
        hub.window.prune(now)
        for stream in hub.streams():
            _check(hub, stream, now)

    await _repeat(every, tick)


async def end_revoked_sessions(hub: Hub, revocations: Revocations, endings: Endings) -> None:
    """End the streams of ended sessions and of admins with a lower role, with one question to
    Redis for all of each."""

    async def tick() -> None:
        streams = hub.streams()
        ended = await revocations.ended({stream.identity.session_id for stream in streams})
        for stream in streams:
            if stream.identity.session_id in ended or endings.has(stream.identity):
                stream.end(frames.SESSION_ENDED)
        roles = await revocations.roles({stream.identity.admin_id for stream in streams})
        for stream in streams:
            admin_id = stream.identity.admin_id
            role = roles.get(admin_id) or endings.role(admin_id)
            if role and not role.includes(stream.identity.role):
                stream.end(frames.TOKEN_EXPIRED)

    await _repeat(hub.settings.live_session_seconds, tick)


async def _repeat(seconds: float, action: Callable[[], Awaitable[None]]) -> None:
    """Repeat for ever: it matters most while the process ends."""
    while True:
        await asyncio.sleep(seconds)
        try:
            await action()
        except Exception:
            log.exception("live.watch_failed")


def _check(hub: Hub, stream: Stream, now: float) -> None:
    patience = hub.settings.live_write_seconds
    if stream.is_stuck(now, min(patience, STOP_SECONDS) if hub.is_stopping else patience):
        hub.shed(stream)
    elif stream.identity.expires_at <= clock.now():
        stream.end(frames.TOKEN_EXPIRED)
    elif stream.is_idle and now - stream.written_at >= hub.settings.live_beat_seconds:
        newest = hub.window.newest or UNPLACED
        stream.put(frames.beat(newest if newest >= stream.after > UNPLACED else None))
    elif hub.is_strange(stream, now):
        hub.reset(stream)
