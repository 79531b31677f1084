"""What media needs open while the service runs, as ``running.media``."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from koinonia.conversation.settings import Settings
from koinonia.media.links import Links


@dataclass(frozen=True, slots=True)
class Media:
    links: Links


@asynccontextmanager
async def opened(running: Any) -> AsyncIterator[None]:
    """Open ``running.media``."""
    settings: Settings = running.settings
    running.media = Media(Links.parse(settings.media_keys.get_secret_value()))
    yield
