"""``koinonia messages``: those that do not get on."""

from datetime import timedelta
from typing import Annotated

import typer

from koinonia.carriers.failures import Failure
from koinonia.common.operators import instant, run, service_database, table
from koinonia.messaging.broadcasts.controls import paused_messages
from koinonia.messaging.broadcasts.controls.paused_messages import Paused
from koinonia.messaging.broadcasts.reconciliation import stuck_messages
from koinonia.messaging.broadcasts.reconciliation.stuck_messages import Stuck

app = typer.Typer(no_args_is_help=True, help="Messages that do not get on.")


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


@app.command("resume")
def resume_paused(
    reason: Annotated[Failure, typer.Argument(help="why they are paused")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="change nothing")] = False,
) -> None:
    """Resume the messages of all churches that the carrier made us pause. For when it is settled,
    as `account`; if it is not, the first texts pause them again."""
    found = run(_resume(reason, dry_run))
    if not found:
        typer.echo(f"No messages are paused because of {reason}.")
        return
    verb = "would be resumed" if dry_run else "resumed"
    rows = [(each.message_id, each.church_id, each.kind, each.left, verb) for each in found]
    typer.echo(table(("MESSAGE", "CHURCH", "KIND", "LEFT", ""), rows))


async def _resume(reason: Failure, dry_run: bool) -> list[Paused]:
    async with service_database.database() as database:
        found = await paused_messages.find(database, reason)
        return found if dry_run else await paused_messages.resume(database, found)


async def _find(patience: timedelta) -> list[Stuck]:
    async with service_database.database() as database:
        return await stuck_messages.find(database, patience)
