"""A password that its owner changes, knowing the present one."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.auth import accounts, attempts, audit, sessions, strength
from koinonia.auth.accounts import Account
from koinonia.auth.audit import Action
from koinonia.auth.errors import WrongPassword
from koinonia.auth.mailing.kinds import Kind
from koinonia.auth.recovery import letters, links
from koinonia.auth.running import Running
from koinonia.auth.sessions import Ending
from koinonia.common.identity import Identity


async def change(
    running: Running, admin: Identity, password: str, new: str, address: str | None
) -> None:
    """Every other session ends. ``address`` is the network address of the client. Raises
    ``WrongPassword``, ``WeakPassword``, ``TooManyAttempts``."""
    account = await confirm(running, admin, password, address)
    check_strength(new, account)
    password_hash = await running.passwords.hashed(new)
    async with running.database.transaction(admin.church_id) as session:
        account = await accounts.lock(session, admin.admin_id)
        ended = await store(session, running, account, password_hash, keep=admin)
        await audit.record(
            session, Action.PASSWORD_CHANGED, account.church_id, account.admin_id, address
        )
    await sessions.revoke(running.revocations, ended)


async def confirm(running: Running, admin: Identity, password: str, address: str | None) -> Account:
    """The account of who is signed in, once they showed their password. Counts as an attempt to
    sign in. Raises ``WrongPassword`` and ``TooManyAttempts``."""
    async with running.database.transaction(admin.church_id) as session:
        account = await accounts.enabled(session, admin.admin_id)
        digest = attempts.account_digest(running.macs, account.email)
        await attempts.begin(session, digest, known_device=False)
    matches = await running.passwords.match(account.password_hash, password)
    async with running.database.transaction(admin.church_id) as session:
        if matches:
            await attempts.forget(session, digest)
        else:
            await audit.record(
                session, Action.LOGIN_FAILED, account.church_id, account.admin_id, address
            )
    if not matches:
        raise WrongPassword
    return account


def check_strength(password: str, account: Account) -> None:
    strength.check(
        password, account.email, account.church_name, account.first_name, account.last_name
    )


async def store(
    session: AsyncSession,
    running: Running,
    account: Account,
    password_hash: str,
    keep: Identity | None = None,
) -> list[UUID]:
    """Put the new password in the place of the old: other links and sessions end, but for that of
    ``keep``, and its owner is told. Returns the sessions that ended, which the caller revokes."""
    await accounts.replace_password(session, account, password_hash)
    await links.forget(session, account)
    spared = keep.session_id if keep else None
    ended = await sessions.end_all(session, account.admin_id, Ending.PASSWORD, spared)
    await letters.post(session, running, Kind.PASSWORD_CHANGED, account, page="forgot-password")
    return ended
