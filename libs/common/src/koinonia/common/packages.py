"""What our packages declare in ``pyproject.toml``: entry points, and which services there are.

An image has our packages by ``PYTHONPATH``, not installed: there the ``pyproject.toml`` beside the
source is asked instead of the metadata.
"""

import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

SERVICES = "koinonia.services"
"""The group in which a service declares its program, under its own name."""


def declared(group: str, paths: Iterable[str] | None = None) -> list[EntryPoint]:
    """The entry points of installed packages, and of those that are on the path as source.

    ``paths`` is ``sys.path`` unless given.
    """
    found = {point.name: point for point in entry_points(group=group)}
    for source in _sources(paths):
        found |= {point.name: point for point in _points(source.parent / "pyproject.toml", group)}
    return sorted(found.values())


def services(paths: Iterable[str] | None = None) -> list[str]:
    """The names of all services: those that are declared, and the neighbours of each on the path.

    An image has the code of one service, and the ``pyproject.toml`` of every other.
    """
    names = {point.name for point in declared(SERVICES, paths)}
    for source in _sources(paths):
        for project in source.parent.parent.glob("*/pyproject.toml"):
            names |= {point.name for point in _points(project, SERVICES)}
    return sorted(names)


def _sources(paths: Iterable[str] | None) -> list[Path]:
    return [path for path in map(Path, sys.path if paths is None else paths) if path.name == "src"]


def _points(project: Path, group: str) -> Iterator[EntryPoint]:
    if project.is_file():
        content = tomllib.loads(project.read_text())
        points = content.get("project", {}).get("entry-points", {}).get(group, {})
        yield from (EntryPoint(name, value, group) for name, value in points.items())
