"""Documents that are generated from the code, and the check that they were.

``docs/events.md`` and ``docs/asyncapi.json`` from the event classes and the subscription tables,
``docs/settings.md`` from the settings classes, the gateway's ``openapi.json`` from the routes, and
of that the types of the TypeScript client, if what it needs is installed. ``docs/licences.md`` from
the lock of the pages.
``docs/schema.md`` needs a database and is written by itself; see :mod:`.schema`.
"""

from collections.abc import Callable
from pathlib import Path

from koinonia.devkit.documents import (
    asyncapi,
    events,
    licences,
    openapi,
    settings,
    typescript,
)
from koinonia.devkit.layout import ROOT

OPENAPI = "services/gateway/src/koinonia/gateway/reference/openapi.json"

PAGES: dict[str, Callable[[], str]] = {
    "docs/events.md": events.page,
    "docs/asyncapi.json": asyncapi.document,
    "docs/settings.md": settings.page,
    "docs/licences.md": licences.page,
    OPENAPI: openapi.document,
    typescript.SCHEMA: lambda: typescript.declarations((ROOT / OPENAPI).read_text()),
}
"""In the order in which they are made: the last is of the one before."""


def write(root: Path = ROOT) -> list[str]:
    """Write all that can be written; returns what was left, since it needs :mod:`.typescript`."""
    left = []
    for path, make in PAGES.items():
        try:
            (root / path).write_text(make())
        except typescript.NotInstalled:
            left.append(path)
    return left


def drifted(root: Path = ROOT) -> list[str]:
    """The documents that are not what the code would write. Raises ``typescript.NotInstalled``."""
    return [
        path
        for path, make in PAGES.items()
        if not (root / path).exists() or (root / path).read_text() != make()
    ]
