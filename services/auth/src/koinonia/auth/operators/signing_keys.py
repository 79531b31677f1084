"""``koinonia keys``: the keys that sign access tokens."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Annotated

import typer

from koinonia.auth.keys import NOTICE, Key, Keys, SuccessorWaits
from koinonia.auth.operators.ring_settings import RingSettings
from koinonia.common import clock
from koinonia.common.crypto import KeyRing
from koinonia.common.operators import instant, run, service_database, table
from koinonia.common.settings import load

app = typer.Typer(no_args_is_help=True, help="The keys that sign access tokens.")

DryRun = Annotated[bool, typer.Option("--dry-run", help="say what would be done, change nothing")]


@app.command("list")
def list_keys() -> None:
    """Every key that is kept. Exit code 1 when none of them signs."""
    found, now = run(_all()), clock.now()
    _print_keys(found, now)
    if not any(key.signs(now) for key in found):
        raise typer.Exit(1)


@app.command()
def rotate(dry_run: DryRun = False) -> None:
    """Make the next key. It signs in an hour, and the present one verifies for an hour after that.

    Exit code 1 when a next key is waiting already.
    """
    if dry_run:
        present = run(_all())
        now = clock.now()
        if present and present[0].activates_at > now:
            typer.echo(SuccessorWaits.message, err=True)
            raise typer.Exit(1)
        typer.echo(f"A key would be made that signs from {instant(now + NOTICE)} on.")
        return
    made = run(_replace())
    typer.echo(f"{made.kid} signs from {instant(made.activates_at)} on.")
    _print_keys(run(_all()), clock.now())


def _print_keys(keys: Sequence[Key], now: datetime) -> None:
    if not keys:
        typer.echo("No keys: the first is made when somebody signs in.")
        return
    rows = [
        (
            key.kid,
            _state(key, now),
            instant(key.activates_at),
            instant(key.retires_at) if key.retires_at else "its successor",
        )
        for key in keys
    ]
    typer.echo(table(("KEY", "STATE", "SIGNS FROM", "UNTIL"), rows))


def _state(key: Key, now: datetime) -> str:
    if key.signs(now):
        return "signs"
    return "next" if key.activates_at > now else "verifies" if key.published(now) else "retired"


async def _all() -> list[Key]:
    async with _opened() as keys:
        return await keys.all()


async def _replace() -> Key:
    async with _opened() as keys:
        return await keys.replace()


@asynccontextmanager
async def _opened() -> AsyncIterator[Keys]:
    settings = load(RingSettings)
    ring = KeyRing.parse(settings.signing_key_ring.get_secret_value())
    async with service_database.database() as database:
        yield Keys(database, ring, timedelta(days=settings.signing_key_days))
