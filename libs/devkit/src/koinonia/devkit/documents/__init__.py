"""Documents that are generated from the code, and the check that they were.

``docs/events.md`` and ``docs/asyncapi.json`` from the event classes and the subscription tables,
``docs/settings.md`` from the settings classes, the gateway's ``openapi.json`` from the routes.
``docs/schema.md`` needs a database and is written by itself; see :mod:`.schema`.
"""

from collections.abc import Callable
from pathlib import Path

from koinonia.devkit.documents import asyncapi, events, openapi, settings
from koinonia.devkit.layout import ROOT

OPENAPI = "services/gateway/src/koinonia/gateway/reference/openapi.json"

PAGES: dict[str, Callable[[], str]] = {
    "docs/events.md": events.page,
    "docs/asyncapi.json": asyncapi.document,
    "docs/settings.md": settings.page,
    OPENAPI: openapi.document,
}


def write(root: Path = ROOT) -> None:
    for path, make in PAGES.items():
        (root / path).write_text(make())


def drifted(root: Path = ROOT) -> list[str]:
    """The documents that are not what the code would write."""
    return [
        path
        for path, make in PAGES.items()
        if not (root / path).exists() or (root / path).read_text() != make()
    ]
