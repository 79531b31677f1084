"""``koinonia messages``: those that do not get on."""

from datetime import timedelta
from typing import Annotated

import typer

from koinonia.common.operators import instant, opening, run, table
from koinonia.messaging.broadcasts import stuck
from koinonia.messaging.broadcasts.stuck import Stuck

app = typer.Typer(no_args_is_help=True, help="Messages that do not get on.")


@app.callback()
def messages() -> None:
    """With a single command typer would leave out its name."""


@app.command("stuck")
def list_stuck(
    minutes: Annotated[float, typer.Option(min=0, help="how long something may take")] = 10.0,
) -> None:
    """Messages that wait for something that does not come. Exit code 1 when there are any."""
    found = run(_find(timedelta(minutes=minutes)))
    if not found:
        typer.echo("No stuck messages.")
        return
    rows = [
        (each.message_id, each.church_id, each.status, each.left, instant(each.since), each.why)
        for each in found
    ]
    typer.echo(table(("MESSAGE", "CHURCH", "STATUS", "LEFT", "SINCE", "WHY"), rows))
    raise typer.Exit(1)


async def _find(patience: timedelta) -> list[Stuck]:
    async with opening.database() as database:
        return await stuck.find(database, patience)
