"""Open and close what media needs while the service runs: ``running.media``."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from pydantic import SecretStr

from koinonia.conversation.running import Media, Running
from koinonia.conversation.settings import Settings
from koinonia.media.fetcher import Fetcher
from koinonia.media.images import Workbench
from koinonia.media.links import Links
from koinonia.media.store import BucketStore, FolderStore, MediaStore


@asynccontextmanager
async def open_media(running: Running) -> AsyncIterator[None]:
    """Open ``running.media``."""
    settings = running.settings
    async with Fetcher(allowed=settings.media_allowed_hosts) as fetcher:
        running.media = Media(
            Links.parse(settings.media_keys.get_secret_value()),
            store_from_settings(settings),
            fetcher,
            Workbench(),
        )
        yield


def store_from_settings(settings: Settings) -> MediaStore:
    """A bucket where one is named, else the folder."""
    if settings.media_bucket is None:
        return FolderStore(settings.media_folder)
    return BucketStore(
        settings.media_bucket,
        region=settings.media_region,
        endpoint=settings.media_endpoint,
        access_key=_revealed(settings.media_access_key),
        secret_key=_revealed(settings.media_secret_key),
    )


def _revealed(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret else None
