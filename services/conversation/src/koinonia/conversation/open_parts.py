"""Open and close what the service holds beyond what every service has."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from koinonia.conversation.answering_leases import AnsweringLeases
from koinonia.conversation.media import startup
from koinonia.conversation.messaging_client import MessagingClient
from koinonia.conversation.running import Running


@asynccontextmanager
async def open_parts(running: Running) -> AsyncIterator[None]:
    """Open ``running.media``, ``running.messaging`` and ``running.answering``."""
    url = running.settings.messaging_url
    leases = AnsweringLeases(running.settings.redis_url.get_secret_value())
    async with (
        startup.open_media(running),
        MessagingClient.opened(url) as running.messaging,
        AsyncExitStack() as stack,
    ):
        running.answering = leases
        stack.push_async_callback(leases.close)
        yield
