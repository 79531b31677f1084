"""What the gateway holds open while it runs, as ``running.door``."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from starlette.types import Scope

from koinonia.common.identity import TokenVerifier
from koinonia.gateway.csrf import CsrfTokens
from koinonia.gateway.health import Health
from koinonia.gateway.live import opening
from koinonia.gateway.live.hub import Hub
from koinonia.gateway.reference.interface import Interface
from koinonia.gateway.settings import Settings
from koinonia.gateway.throttle import Throttle
from koinonia.gateway.upstreams import Upstreams


@dataclass
class Door:
    """The parts of the walk through the door."""

    settings: Settings
    origins: frozenset[str]
    csrf: CsrfTokens
    throttle: Throttle
    upstreams: Upstreams
    health: Health
    interface: Interface
    hub: Hub


@asynccontextmanager
async def opened(running: Any) -> AsyncIterator[None]:
    """Open ``running.door``."""
    settings: Settings = running.settings
    async with AsyncExitStack() as stack:
        throttle = Throttle(settings.redis_url.get_secret_value(), settings.limit_timeout_ms / 1000)
        stack.push_async_callback(throttle.close)
        upstreams = await stack.enter_async_context(Upstreams.opened(settings))
        health = Health(upstreams)
        stack.push_async_callback(health.close)
        hub = await stack.enter_async_context(opening.opened(running))
        running.door = Door(
            settings,
            settings.origins,
            CsrfTokens(settings.csrf_key_bytes),
            throttle,
            upstreams,
            health,
            Interface(upstreams, settings.public_url),
            hub,
        )
        yield


def of(scope: Scope) -> tuple[Door, TokenVerifier]:
    running = scope["app"].state.running
    return running.door, running.verifier
