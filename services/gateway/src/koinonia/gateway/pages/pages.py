"""Which file answers which address."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import structlog

from koinonia.common import errors
from koinonia.common.cache import Cache
from koinonia.gateway.pages import files
from koinonia.gateway.pages.earlier_builds import EarlierBuilds
from koinonia.gateway.pages.files import File

NOT_BUILT = (
    "This gateway has no pages, only the interface below /api. They are built by `make pages`, and "
    "KOINONIA_PAGES_FOLDER names their folder; then start it again."
)

log = structlog.get_logger()


class NoPages(errors.NotFound):
    code = "NO_PAGES"
    message = NOT_BUILT


class NoSuchFile(errors.NotFound):
    """Never the page instead: a browser would take it for the script that it asked for."""

    message = "There is no such file, in this build or one of the last day. Load the page again."


@dataclass(frozen=True, slots=True)
class Pages:
    """The files of this build, and of others for a day."""

    own: Mapping[str, File]
    others: EarlierBuilds

    @classmethod
    @asynccontextmanager
    async def opened(cls, folder: Path | None, cache: Cache, key: bytes) -> AsyncIterator[Self]:
        """Without a folder, or an index in it, there are no pages, and the log says why."""
        own = files.read(folder) if folder is not None else {}
        if not own:
            log.warning("pages.absent", folder=str(folder or ""), reason=NOT_BUILT)
        others = EarlierBuilds(cache, key, own)
        try:
            yield cls(own, others)
        finally:
            await others.close()

    async def find(self, path: str) -> File:
        """The file at ``path``, else the page, which knows what to show there. Raises ``NoPages``
        and ``NoSuchFile``."""
        if file := self.own.get(path):
            return file
        if path.startswith(files.ASSETS):
            if file := await self.others.get(path):
                return file
            raise NoSuchFile
        if page := self.own.get(files.INDEX):
            return page
        raise NoPages
