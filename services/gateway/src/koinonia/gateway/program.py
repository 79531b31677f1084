"""The program of the gateway. It has no schema, and only shows the events that it reads."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from koinonia.common.runtime import Program
from koinonia.gateway import endings
from koinonia.gateway.api_keys import ApiKeys
from koinonia.gateway.app import create_app
from koinonia.gateway.cross_origin import Cors
from koinonia.gateway.csrf import CsrfTokens
from koinonia.gateway.endings import Endings
from koinonia.gateway.health import Health
from koinonia.gateway.kept_answers import KeptAnswers
from koinonia.gateway.live import lifecycle, projection
from koinonia.gateway.pages.pages import Pages
from koinonia.gateway.reference.document import Reference
from koinonia.gateway.running import Running
from koinonia.gateway.settings import Settings
from koinonia.gateway.throttle import Throttle
from koinonia.gateway.upstreams import Upstreams


@asynccontextmanager
async def opened(running: Running) -> AsyncIterator[None]:
    """Open what the gateway has beside the shared parts."""
    settings = running.settings
    running.origins = settings.origins
    running.cors = Cors(settings.origins)
    running.csrf = CsrfTokens(settings.csrf_key_bytes)
    running.reference = Reference(settings.public_url)
    async with AsyncExitStack() as stack:
        running.throttle = Throttle(
            settings.redis_url.get_secret_value(), settings.limit_timeout_ms / 1000
        )
        stack.push_async_callback(running.throttle.close)
        running.endings = Endings()
        running.kept_answers = KeptAnswers(settings.kept_answers_bytes, running.cache)
        running.upstreams = await stack.enter_async_context(
            Upstreams.opened(settings, running.cache)
        )
        running.api_keys = ApiKeys(
            running.upstreams.session,
            running.upstreams.urls["auth"],
            running.throttle,
            settings.limit_step,
        )
        stack.push_async_callback(running.api_keys.close)
        running.pages = await stack.enter_async_context(
            Pages.opened(settings.pages_folder, running.cache, settings.csrf_key_bytes)
        )
        running.health = Health(running.upstreams)
        stack.push_async_callback(running.health.close)
        running.hub = await stack.enter_async_context(
            lifecycle.opened(settings, running.revocations, running.endings, running.stop)
        )
        yield


PROGRAM = Program(
    "gateway",
    Settings,
    Running,
    create_app,
    open=opened,
    streams={lifecycle.STREAM: projection.EVENTS, endings.STREAM: endings.EVENTS},
)
