"""Open and close what the service holds beyond what every service has."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from koinonia.conversation.media import startup
from koinonia.conversation.messaging_client import MessagingClient
from koinonia.conversation.running import Running


@asynccontextmanager
async def open_parts(running: Running) -> AsyncIterator[None]:
    """Open ``running.media`` and ``running.messaging``."""
    url = running.settings.messaging_url
    async with startup.open_media(running), MessagingClient.opened(url) as running.messaging:
        yield
