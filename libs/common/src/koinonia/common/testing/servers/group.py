"""The three servers together."""

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from koinonia.common.testing.servers import discovery, server


@dataclass(frozen=True)
class Servers:
    """What runs; every field stops, starts and is killed on its own."""

    folder: Path
    postgres: server.Server
    rabbitmq: server.Server
    redis: server.Server

    @classmethod
    def load(cls, folder: Path) -> Self | None:
        """What was started below ``folder``, by whichever process; None when nothing was."""
        folder = folder.resolve()
        found = {kind.name: discovery.saved(kind, folder) for kind in discovery.KINDS}
        present = {name: one for name, one in found.items() if one}
        return cls(folder, **present) if len(present) == len(discovery.KINDS) else None

    @property
    def all(self) -> tuple[server.Server, ...]:
        return (self.postgres, self.rabbitmq, self.redis)

    @property
    def database_url(self) -> str:
        """Of an administrator, who may create databases and roles."""
        return self.postgres.url

    @property
    def rabbitmq_url(self) -> str:
        return self.rabbitmq.url

    @property
    def rabbitmq_management_url(self) -> str | None:
        return self.rabbitmq.management_url

    @property
    def redis_url(self) -> str:
        return self.redis.url

    def environment(self) -> dict[str, str]:
        """The settings by which other processes use these servers."""
        return {kind.setting: one.url for kind, one in zip(discovery.KINDS, self.all, strict=True)}

    def describe(self) -> list[server.Row]:
        return [one.describe() for one in self.all]

    def stop(self) -> None:
        """End what was started here, in order; data and addresses stay for the next start."""
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda one: one.stop(), [one for one in self.all if one.how != "url"]))

    def discard(self) -> None:
        """End what was started here, in the quickest way, and remove the folder with all data."""
        discovery.discard(self.folder)


def start_servers(
    folder: Path, *, durable: bool, environ: Mapping[str, str] = os.environ
) -> Servers:
    """Find or start all three below ``folder``; what already runs there is used again.

    ``environ`` holds the URLs, if any. Raises :class:`ServerError`; then, as after Ctrl-C,
    what this call started has ended.
    """
    found = discovery.start(discovery.KINDS, folder, durable=durable, environ=environ)
    return Servers(folder.resolve(), **found)
