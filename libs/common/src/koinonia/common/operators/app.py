"""The command ``koinonia`` and the commands that packages add to it."""

from collections.abc import Iterable
from importlib.metadata import EntryPoint

import typer

from koinonia.common import packages
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
    for point in packages.declared(GROUP) if plugged is None else plugged:
        _plug(application, point)
    return application


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
