"""The servers of the system on this machine, kept below ``.run/servers``.

How they are found is told in ``koinonia.common.testing.servers``, which tests use as well; here
they are durable and stay when the process that started them ends.
"""

from pathlib import Path

from koinonia.common.testing.databases import role_url
from koinonia.common.testing.secrets import role_password
from koinonia.common.testing.servers import Row, ServerError, Servers, discovery, start_servers

__all__ = ["Row", "ServerError", "Servers", "down", "found", "role_password", "role_url", "up"]


def up(run: Path) -> Servers:
    """All three, started or found; ``run`` is the folder ``.run``. Raises :class:`ServerError`."""
    return start_servers(_folder(run), durable=True)


def found(run: Path) -> Servers | None:
    """What :func:`up` left running, or stopped, below ``run``; None when it never ran."""
    return Servers.load(_folder(run))


def down(run: Path) -> None:
    """End what :func:`up` started and remove its data, even where it was interrupted halfway."""
    discovery.discard(_folder(run))


def _folder(run: Path) -> Path:
    return run / "servers"
