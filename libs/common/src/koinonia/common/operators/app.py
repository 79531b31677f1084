"""The command and what is plugged into it."""

import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

import typer

from koinonia.common.operators import dead

GROUP = "koinonia.operators"


def main() -> None:
    """The console script."""
    build()()


def build(plugged: Iterable[EntryPoint] | None = None) -> typer.Typer:
    """The whole command; ``plugged`` are its further groups (default: all that are installed)."""
    application = typer.Typer(
        name="koinonia",
        help="Look after a running Koinonia.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,  # a traceback with variables would print phones
    )
    application.add_typer(dead.app, name="dead")
    for point in declared() if plugged is None else plugged:
        _plug(application, point)
    return application


def declared(paths: Iterable[str] | None = None) -> list[EntryPoint]:
    """The entry points of installed packages, and of those that are on the path as source.

    An image has our packages by ``PYTHONPATH``, not installed: there the ``pyproject.toml`` beside
    the source is asked instead of the metadata. ``paths`` is ``sys.path`` unless given.
    """
    found = {point.name: point for point in entry_points(group=GROUP)}
    for path in sys.path if paths is None else paths:
        found |= {point.name: point for point in _beside(Path(path))}
    return sorted(found.values())


def _beside(source: Path) -> Iterator[EntryPoint]:
    project = source.parent / "pyproject.toml"
    if source.name == "src" and project.is_file():
        content = tomllib.loads(project.read_text())
        points = content.get("project", {}).get("entry-points", {}).get(GROUP, {})
        yield from (EntryPoint(name, value, GROUP) for name, value in points.items())


def _plug(application: typer.Typer, point: EntryPoint) -> None:
    """Add one; a package that cannot be loaded must not take the other commands along."""
    try:
        commands = point.load()
        if not isinstance(commands, typer.Typer):
            raise TypeError(f"{point.value} is no typer.Typer")
    except Exception as error:
        typer.echo(f"`koinonia {point.name}` is not available: {error!r}", err=True)
        return
    application.add_typer(commands, name=point.name)
