"""``koinonia parked``: reports of a carrier about no text we know."""

from collections.abc import Callable, Sequence
from typing import Annotated
from uuid import UUID

import typer

from koinonia.common import errors
from koinonia.common.operators import instant, run, service_database, table
from koinonia.messaging.broadcasts.tracking import delivery_reports, parked_reports
from koinonia.messaging.broadcasts.tracking.parked_reports import Parked

app = typer.Typer(no_args_is_help=True, help="Carriers' reports about no text we know.")

Ids = Annotated[list[UUID] | None, typer.Option("--id", help="one report; may be repeated")]
All = Annotated[bool, typer.Option("--all", help="every parked report")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="say what would be done, change nothing")]
GIVEN_UP = "no more"


class NotParked(errors.NotFound):
    def __init__(self, ids: Sequence[UUID]) -> None:
        names = ", ".join(map(str, ids))
        super().__init__(f"Not parked: {names}. `koinonia parked show` lists what is.")


@app.command("list")
def list_parked() -> None:
    """How many reports are parked. Exit code 1 when some are not tried again by themselves."""
    groups = run(_list())
    if not groups:
        typer.echo("No parked reports.")
        return
    rows = [(g.carrier, g.status, g.waiting, g.given_up, instant(g.oldest)) for g in groups]
    typer.echo(table(("CARRIER", "STATUS", "WAITING", "GIVEN UP", "OLDEST"), rows))
    if any(group.given_up for group in groups):
        raise typer.Exit(1)


@app.command()
def show(
    ids: Ids = None,
    limit: Annotated[int, typer.Option(min=1, help="how many, the oldest first")] = 20,
) -> None:
    """The reports one by one: what the carrier said, of which text, and when it is tried again."""
    found = run(_look(ids, limit))
    if not found:
        typer.echo("No parked reports.")
        return
    rows = [
        (
            *(each.event_id, each.carrier, each.status, instant(each.reported_at)),
            *(each.church_id or "unknown", each.recipient_id or "unknown"),
            *(each.carrier_message_id, each.failure_code or "", each.attempts),
            instant(each.retry_at) if each.retry_at else GIVEN_UP,
        )
        for each in found
    ]
    headings = ("REPORT", "CARRIER", "STATUS", "AT", "CHURCH", "TEXT", "CARRIER'S ID", "CODE")
    typer.echo(table((*headings, "TRIES", "NEXT TRY"), rows))


@app.command()
def replay(ids: Ids = None, every: All = False, dry_run: DryRun = False) -> None:
    """Apply reports now. Those that still fit no text stay parked, and the exit code is 1."""
    wanted = _wanted(ids, every)
    if dry_run:
        _tell(run(_look(wanted, None)), lambda _: "would be replayed")
        return
    found, missed = run(_replay(wanted))
    _tell(found, lambda id_: "still about no text we know" if id_ in missed else "applied")
    if missed:
        raise typer.Exit(1)


@app.command()
def drop(
    ids: Ids = None,
    every: All = False,
    dry_run: DryRun = False,
    yes: Annotated[bool, typer.Option("--yes", help="really remove them, for good")] = False,
) -> None:
    """Remove reports for good. Needs --yes, or --dry-run."""
    wanted = _wanted(ids, every)
    if dry_run:
        _tell(run(_look(wanted, None)), lambda _: "would be dropped")
    elif yes:
        _tell(run(_drop(wanted)), lambda _: "dropped")
    else:
        raise typer.BadParameter("what is dropped is gone: add --yes, or --dry-run to see it first")


def _wanted(ids: list[UUID] | None, every: bool) -> list[UUID] | None:
    """The chosen ids, or None for all."""
    if bool(ids) == every:
        raise typer.BadParameter("name reports with --id (may be repeated), or say --all")
    return ids or None


def _tell(reports: Sequence[Parked], what: Callable[[UUID], str]) -> None:
    for each in reports:
        typer.echo(f"{each.event_id}  {each.carrier}  {each.status}  {what(each.event_id)}")
    typer.echo(f"{len(reports)} reports." if len(reports) != 1 else "1 report.")


async def _list() -> list[parked_reports.Group]:
    async with service_database.database() as database, database.transaction() as session:
        return await parked_reports.groups(session)


async def _look(ids: Sequence[UUID] | None, limit: int | None) -> list[Parked]:
    async with service_database.database() as database, database.transaction() as session:
        return _all_of(ids, await parked_reports.parked(session, ids, limit))


async def _replay(ids: Sequence[UUID] | None) -> tuple[list[Parked], set[UUID]]:
    """What was tried, and what of it still fits no text; a bounded number in one transaction."""
    tried: list[Parked] = []
    missed: set[UUID] = set()
    async with service_database.database() as database:
        async with database.transaction() as session:
            left = _all_of(ids, await parked_reports.parked(session, ids, None))
        while left:
            some, left = left[: parked_reports.AT_ONCE], left[parked_reports.AT_ONCE :]
            async with database.transaction() as session:
                due = await parked_reports.take(session, [each.event_id for each in some])
                unknown = {report.event_id for report in await delivery_reports.apply(session, due)}
                applied = {report.event_id for report in due} - unknown
                await parked_reports.drop(session, sorted(applied))
            tried += some
            missed |= unknown
    return tried, missed


async def _drop(ids: Sequence[UUID] | None) -> list[Parked]:
    async with service_database.database() as database, database.transaction() as session:
        found = _all_of(ids, await parked_reports.parked(session, ids, None))
        await parked_reports.drop(session, [each.event_id for each in found])
        return found


def _all_of(ids: Sequence[UUID] | None, found: list[Parked]) -> list[Parked]:
    if missing := sorted(set(ids or ()) - {each.event_id for each in found}):
        raise NotParked(missing)
    return found
