"""What the gateway holds open while it runs, as ``running.door``."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from starlette.types import Scope

from koinonia.common.identity import TokenVerifier
from koinonia.gateway.csrf import CsrfTokens
from koinonia.gateway.health import Health
from koinonia.gateway.live import opening
from koinonia.gateway.reference.interface import Interface
from koinonia.gateway.running import Door, Running
from koinonia.gateway.throttle import Throttle
from koinonia.gateway.upstreams import Upstreams


@asynccontextmanager
async def opened(running: Running) -> AsyncIterator[None]:
    """Open ``running.door``."""
    settings = running.settings
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
    running: Running = scope["app"].state.running
    return running.door, running.verifier
