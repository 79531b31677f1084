"""A second factor that its owner turns on, renews and takes away, and that a church may require.

A password or a code that is shown counts as an attempt, of the account and from wherever it comes.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.auth import accounts, attempts, audit, churches, sessions
from koinonia.auth.accounts import Account
from koinonia.auth.audit import Action
from koinonia.auth.errors import NoSecondFactor, SecondFactorNeeded, WrongCode
from koinonia.auth.mailing.kinds import Kind
from koinonia.auth.recovery import letters, password_change
from koinonia.auth.running import Running
from koinonia.auth.second_factor import second_factors
from koinonia.auth.sessions import Ending
from koinonia.common import db
from koinonia.common.identity import Identity

Result = TypeVar("Result")


class Begun(NamedTuple):
    """A secret that waits for its first code."""

    secret: str
    uri: str


class Shown(NamedTuple):
    since: datetime | None
    codes_left: int
    is_required: bool


async def shown(session: db.Session, admin: Identity) -> Shown:
    found = await second_factors.state(session, admin.admin_id)
    return Shown(found.since, found.codes_left, await churches.requires_second_factor(session))


async def begin(running: Running, admin: Identity, password: str, address: str | None) -> Begun:
    """Raises ``WrongPassword``, ``SecondFactorExists``, ``TooManyAttempts``."""
    account = await password_change.confirm(running, admin, password, address)
    return await begin_for(running, account)


async def begin_for(running: Running, account: Account) -> Begun:
    async with running.database.transaction(account.church_id) as session:
        secret = await second_factors.begin(session, running.ring, account)
    return Begun(secret, second_factors.uri(secret, account))


async def confirm(running: Running, admin: Identity, code: str, address: str | None) -> list[str]:
    """The recovery codes. Raises ``WrongCode``, ``NoSecondFactor``, ``SecondFactorExists``."""
    async with running.database.transaction(admin.church_id) as session:
        account = await accounts.enabled(session, admin.admin_id)
    return await confirm_for(running, account, code, address)


async def confirm_for(
    running: Running, account: Account, code: str, address: str | None
) -> list[str]:
    return await counted(
        running, account, address, lambda session: turn_on(session, running, account, code, address)
    )


async def turn_on(
    session: AsyncSession, running: Running, account: Account, code: str, address: str | None
) -> list[str]:
    codes = await second_factors.confirm(session, running.ring, account, code)
    await _tell(session, running, account, address, is_on=True)
    return codes


async def renew_codes(
    running: Running, admin: Identity, password: str, code: str, address: str | None
) -> list[str]:
    """Raises ``WrongPassword``, ``WrongCode``, ``NoSecondFactor``, ``TooManyAttempts``."""
    account = await _proved(running, admin, password, code, address)
    async with running.database.transaction(admin.church_id) as session:
        return await second_factors.renew_recovery_codes(session, account)


async def remove(
    running: Running, admin: Identity, password: str, code: str, address: str | None
) -> None:
    """Raises ``SecondFactorNeeded`` where the church requires one, and as ``renew_codes``."""
    async with running.database.transaction(admin.church_id) as session:
        if await churches.requires_second_factor(session):
            raise SecondFactorNeeded
    account = await _proved(running, admin, password, code, address)
    async with running.database.transaction(admin.church_id) as session:
        await second_factors.remove(session, account)
        await _tell(session, running, account, address, is_on=False)


async def require(
    running: Running, admin: Identity, address: str | None, *, is_required: bool
) -> None:
    """Raises ``NoSecondFactor`` where an owner who has none requires it of others."""
    ended: list[UUID] = []
    async with running.database.transaction(admin.church_id) as session:
        await churches.lock(session)
        if is_required and not await second_factors.is_on(session, admin.admin_id):
            raise NoSecondFactor
        if not await churches.require_second_factor(session, is_required=is_required):
            return
        if is_required:
            for each in await second_factors.without(session):
                ended += await sessions.end_all(session, each, Ending.UNPROVED)
        await audit.record(
            session,
            Action.SECOND_FACTOR_REQUIRED,
            admin.church_id,
            admin.admin_id,
            address,
            is_required=is_required,
        )
    await sessions.revoke(running.revocations, ended)


async def check(running: Running, account: Account, code: str, address: str | None) -> None:
    """Use a code up. Raises ``WrongCode``, ``NoSecondFactor``, ``TooManyAttempts``."""

    async def taken(session: AsyncSession) -> None:
        if not await second_factors.take(session, running.ring, account, code):
            raise WrongCode

    await counted(running, account, address, taken)


async def counted(
    running: Running,
    account: Account,
    address: str | None,
    work: Callable[[AsyncSession], Awaitable[Result]],
) -> Result:
    """What ``work`` does with a code, in one transaction; a wrong one counts and is recorded."""
    digest = attempts.code_digest(running.macs, account.admin_id)
    async with running.database.transaction(account.church_id) as session:
        await attempts.begin(session, digest, known_device=False)
    try:
        async with running.database.transaction(account.church_id) as session:
            done = await work(session)
            await attempts.forget(session, digest)
            return done
    except WrongCode:
        async with running.database.transaction(account.church_id) as session:
            await audit.record(
                session, Action.CODE_WRONG, account.church_id, account.admin_id, address
            )
        raise


async def _proved(
    running: Running, admin: Identity, password: str, code: str, address: str | None
) -> Account:
    account = await password_change.confirm(running, admin, password, address)
    await check(running, account, code, address)
    return account


async def _tell(
    session: AsyncSession, running: Running, account: Account, address: str | None, *, is_on: bool
) -> None:
    await letters.post(
        session,
        running,
        Kind.SECOND_FACTOR_CHANGED,
        account,
        page="forgot-password",
        is_on="yes" if is_on else "",
    )
    action = Action.SECOND_FACTOR_ON if is_on else Action.SECOND_FACTOR_OFF
    await audit.record(session, action, account.church_id, account.admin_id, address)
