"""``koinonia churches``: whose mail address is known to be theirs."""

from dataclasses import dataclass
from typing import Annotated

import typer

from koinonia.auth import accounts, audit, fields, verification
from koinonia.auth.accounts import Account
from koinonia.auth.audit import Action
from koinonia.auth.recovery import addresses
from koinonia.auth.verification import Waiting
from koinonia.common import errors
from koinonia.common.identity import Role
from koinonia.common.operators import instant, run, service_database, table

app = typer.Typer(no_args_is_help=True, help="Churches, and whose mail address is theirs.")


class NoSuchAccount(errors.NotFound):
    message = "Nobody signs in with this address. `koinonia churches waiting` shows the owners'."


class NoOwner(errors.Conflict):
    message = (
        "This address is of somebody who does not own their church. Verify an owner's; "
        "`koinonia churches waiting` shows them."
    )


@dataclass(frozen=True, slots=True)
class Verified:
    account: Account
    is_new: bool


def _address(given: str) -> str:
    try:
        return fields.normal_email(given)
    except ValueError as problem:
        raise typer.BadParameter(str(problem)) from None


@app.command("waiting")
def list_waiting(
    limit: Annotated[int, typer.Option(min=1, help="how many, the latest first")] = 50,
) -> None:
    """Churches that wait for somebody to verify an owner's address. Exit code 1 when there are
    any."""
    found = run(_find(limit))
    if not found:
        typer.echo("No church waits.")
        return
    rows = [
        (each.church_id, instant(each.registered_at), each.name, ", ".join(each.owners))
        for each in found
    ]
    typer.echo(table(("CHURCH", "REGISTERED", "NAME", "OWNERS"), rows))
    raise typer.Exit(1)


@app.command()
def verify(
    address: Annotated[str, typer.Argument(help="an owner's, as they sign in", parser=_address)],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="change nothing")] = False,
    by: Annotated[
        str | None,
        typer.Option("--by", envvar="KOINONIA_OPERATOR", help="your name, for the audit trail"),
    ] = None,
) -> None:
    """Say that an owner's address is theirs, so that their church may have a number and send. For
    when you wrote to the address and were answered."""
    verified = run(_verify(address, dry_run, by))
    verb = "would be verified" if dry_run else "is verified"
    outcome = verb if verified.is_new else "was verified before"
    account = verified.account
    typer.echo(f"{account.church_name} ({account.church_id}) {outcome}.")


async def _find(limit: int) -> list[Waiting]:
    async with service_database.database() as database, database.transaction() as session:
        return await verification.waiting(session, limit)


async def _verify(address: str, dry_run: bool, by: str | None) -> Verified:
    async with service_database.database() as database, database.transaction() as session:
        account = await accounts.by_email(session, address)
        if account is None:
            raise NoSuchAccount
        if account.role != Role.OWNER:
            raise NoOwner
        if dry_run or account.is_verified:
            return Verified(account, is_new=not account.is_verified)
        is_new = await addresses.record_proof(session, account)
        if is_new:
            await audit.record_operator(
                session, Action.VERIFIED, account.church_id, by, account.admin_id
            )
        return Verified(account, is_new)
