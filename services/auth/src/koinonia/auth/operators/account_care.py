"""``koinonia accounts``: what an operator does for people who cannot help themselves.

Each command is an entry in the audit trail of the church, with the operator's name.
"""

from datetime import datetime
from typing import Annotated, NamedTuple
from uuid import UUID

import typer
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.auth import accounts, attempts, audit, fields, sessions
from koinonia.auth.accounts import Account
from koinonia.auth.audit import Action
from koinonia.auth.macs import Macs
from koinonia.auth.operators.ring_settings import RingSettings
from koinonia.auth.recovery import addresses, password_reset
from koinonia.auth.sessions import Ending
from koinonia.common import db, errors
from koinonia.common.crypto import KeyRing, parse_keys
from koinonia.common.operators import instant, run, service_database, table
from koinonia.common.settings import load

app = typer.Typer(no_args_is_help=True, help="Accounts of people who cannot help themselves.")


class NoSuchAccount(errors.NotFound):
    message = "Nobody signs in with this address."


class NoSuchChurch(errors.NotFound):
    message = "There is no church with this id."


class Found(NamedTuple):
    """``sessions`` are those that may be renewed."""

    admin_id: UUID
    email: str
    role: str
    is_proved: bool
    is_removed: bool
    sessions: int
    last_seen_at: datetime | None


def _address(given: str) -> str:
    try:
        return fields.normal_email(given)
    except ValueError as problem:
        raise typer.BadParameter(str(problem)) from None


Address = Annotated[str, typer.Argument(help="as they sign in", parser=_address)]
By = Annotated[
    str, typer.Option("--by", envvar="KOINONIA_OPERATOR", help="your name, for the audit trail")
]


@app.command()
def find(
    who: Annotated[str, typer.Argument(help="a mail address, or the id of a church")], by: By
) -> None:
    """The account of an address, or all accounts of a church."""
    church_name, church_id, found = run(_find(who, by))
    typer.echo(f"{church_name} ({church_id})")
    rows = [
        (
            each.email,
            "removed" if each.is_removed else each.role,
            "yes" if each.is_proved else "no",
            each.sessions,
            instant(each.last_seen_at) if each.last_seen_at else "not of late",
        )
        for each in found
    ]
    typer.echo(table(("ADDRESS", "ROLE", "VERIFIED", "SESSIONS", "LAST SEEN"), rows))


@app.command()
def verify(address: Address, by: By) -> None:
    """Say that an address is theirs who sign in with it: you wrote to it and were answered. An
    owner's verifies their church too."""
    account = run(_verify(address, by))
    typer.echo(f"{account.email} is verified ({account.church_name}, {account.role}).")


@app.command("reset-link")
def send_reset_link(address: Address, by: By) -> None:
    """Mail a link to choose a new password. It is never shown here; the mail goes to the address
    of the account, within seconds."""
    account = run(_send_reset_link(address, by))
    typer.echo(f"A link is mailed to {account.email}; it works once, for 30 minutes.")


@app.command("end-sessions")
def end_sessions(address: Address, by: By) -> None:
    """Sign somebody out wherever they are signed in."""
    typer.echo(f"Sessions ended: {run(_end_sessions(address, by))}.")


async def _find(who: str, by: str) -> tuple[str, UUID, list[Found]]:
    async with service_database.database() as database, database.transaction() as session:
        if "@" in who:
            account = await _account(session, _address(who))
            church_id, admin_id = account.church_id, account.admin_id
        else:
            church_id, admin_id = _church_id(who), None
            await db.enter_church(session, church_id)
        name = await db.value(
            session, str, "SELECT name FROM churches WHERE id = :id", {"id": church_id}
        )
        if name is None:
            raise NoSuchChurch
        found = await db.rows(session, Found, _FOUND, {"admin": admin_id})
        await audit.record_operator(session, Action.ACCOUNT_FOUND, church_id, by, admin_id)
        return name, church_id, list(found)


_FOUND = """
    SELECT admins.id AS admin_id, email, role, email_verified_at IS NOT NULL AS is_proved,
           disabled_at IS NOT NULL AS is_removed,
           (SELECT count(*) FROM sessions
             WHERE sessions.admin_id = admins.id AND ended_at IS NULL AND expires_at > now())
               AS sessions,
           (SELECT max(renewed_at) FROM sessions WHERE sessions.admin_id = admins.id)
               AS last_seen_at
      FROM admins
     WHERE CAST(:admin AS uuid) IS NULL OR admins.id = :admin
     ORDER BY disabled_at IS NOT NULL, email LIMIT 200
"""


async def _verify(address: str, by: str) -> Account:
    async with service_database.database() as database, database.transaction() as session:
        account = await _account(session, address)
        await addresses.record_proof(session, account)
        await audit.record_operator(
            session, Action.ADDRESS_PROVED, account.church_id, by, account.admin_id
        )
        return account


async def _send_reset_link(address: str, by: str) -> Account:
    ring = load(RingSettings).signing_key_ring.get_secret_value()
    macs = Macs(list(parse_keys(ring).values()))
    digest = attempts.account_digest(macs, address)
    async with service_database.database() as database, database.transaction() as session:
        account = await _account(session, address)
        await password_reset.add_request(session, KeyRing.parse(ring), digest, address, None)
        await audit.record_operator(
            session, Action.RESET_LINK_MAILED, account.church_id, by, account.admin_id
        )
        return account


async def _end_sessions(address: str, by: str) -> int:
    async with service_database.database() as database, database.transaction() as session:
        account = await _account(session, address)
        ended = await sessions.end_all(session, account.admin_id, Ending.OPERATOR)
        await audit.record_operator(
            session, Action.SESSIONS_ENDED, account.church_id, by, account.admin_id
        )
        return len(ended)


async def _account(session: AsyncSession, address: str) -> Account:
    """Leaves the session inside its church."""
    account = await accounts.by_email(session, address)
    if account is None:
        raise NoSuchAccount
    return account


def _church_id(given: str) -> UUID:
    try:
        return UUID(given)
    except ValueError:
        raise NoSuchChurch from None
