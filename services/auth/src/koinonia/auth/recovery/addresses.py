"""Mail addresses: whose they are, and how somebody gets another one.

A link in a mail proves an address. Until then it is only what somebody typed: an invitation that
was mailed to it takes it from an account that never proved it.
"""

from dataclasses import replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.auth import accounts, audit, sessions, verification
from koinonia.auth.accounts import Account
from koinonia.auth.audit import Action
from koinonia.auth.errors import AddressProved, EmailTaken, SameAddress
from koinonia.auth.mailing import marked_addresses
from koinonia.auth.mailing.kinds import Kind
from koinonia.auth.recovery import letters, links, password_change
from koinonia.auth.recovery.links import Purpose
from koinonia.auth.running import Running
from koinonia.auth.sessions import Ending
from koinonia.common import clock, db
from koinonia.common.identity import Identity, Role

PAGE = "confirm-address"
FORGOTTEN = "forgot-password"


async def begin_proof(session: AsyncSession, running: Running, account: Account) -> None:
    """Mail a link that proves the present address."""
    token = await links.create(session, account, Purpose.ADDRESS)
    await letters.post(session, running, Kind.ADDRESS_TO_VERIFY, account, page=f"{PAGE}#{token}")


async def ask_again(running: Running, admin: Identity) -> None:
    """Mail the link once more; the earlier one works no more. Raises ``AddressProved``, unless the
    address took no mail since."""
    async with running.database.transaction(admin.church_id) as session:
        account = await accounts.lock(session, admin.admin_id)
        if not account.email_trouble and await _is_proved(session, admin.admin_id):
            raise AddressProved
        await begin_proof(session, running, account)


async def request_change(
    running: Running, admin: Identity, password: str, email: str, client_address: str | None
) -> None:
    """Mail a link to the new address, and say so to the present one. Whether the new one has an
    account learns who confirms it. Raises ``WrongPassword``, ``SameAddress``,
    ``TooManyAttempts``."""
    account = await password_change.confirm(running, admin, password, client_address)
    if account.email == email:
        raise SameAddress
    async with running.database.transaction(admin.church_id) as session:
        account = await accounts.lock(session, admin.admin_id)
        await db.run(
            session,
            "UPDATE admins SET new_email = :email WHERE id = :admin",
            {"email": email, "admin": account.admin_id},
        )
        token = await links.create(session, account, Purpose.ADDRESS)
        await letters.post(
            session,
            running,
            Kind.ADDRESS_CHANGE,
            account,
            page=f"{PAGE}#{token}",
            address=email,
        )
        await _tell_former(session, running, account, shown=email, is_done=False)
        await audit.record(
            session,
            Action.ADDRESS_CHANGE_ASKED,
            account.church_id,
            account.admin_id,
            client_address,
        )


async def confirm(running: Running, token: str, client_address: str | None) -> None:
    """The address is theirs who has the link. A new one takes the place of the old: every session
    ends, since a token names the address. Raises ``LinkInvalid`` and ``EmailTaken``."""
    ended: list[UUID] = []
    async with running.database.transaction() as session:
        admin_id = await links.owner(session, token, Purpose.ADDRESS)
        account = await accounts.lock(session, admin_id)
        await links.use(session, token)
        new = await db.value(
            session, str, "SELECT new_email FROM admins WHERE id = :admin", {"admin": admin_id}
        )
        if new:
            ended = await _replace(session, running, account, new)
        await record_proof(session, replace(account, email=new or account.email))
        action = Action.ADDRESS_CHANGED if new else Action.ADDRESS_PROVED
        await audit.record(session, action, account.church_id, account.admin_id, client_address)
    await sessions.revoke(running.revocations, ended)


async def _replace(
    session: AsyncSession, running: Running, account: Account, new: str
) -> list[UUID]:
    """Give the account its new address; returns the sessions that end."""
    displaced = await claim(session, account.church_id, new)
    await _tell_former(session, running, account, shown=new, is_done=True)
    if not await accounts.replace_email(session, account, new):
        raise EmailTaken
    ended = await sessions.end_all(session, account.admin_id, Ending.ADDRESS)
    return [*displaced, *ended]


async def record_proof(session: AsyncSession, account: Account) -> bool:
    """The present address is theirs. An owner's makes their church verified: whether it is from
    now on."""
    await db.run(
        session,
        """
        WITH proved AS (
            UPDATE admins SET email_verified_at = coalesce(email_verified_at, :now)
             WHERE id = :admin RETURNING church_id, id
        )
        UPDATE logins SET is_proved = true FROM proved
         WHERE logins.church_id = proved.church_id AND logins.admin_id = proved.id
        """,
        {"admin": account.admin_id, "now": clock.now()},
    )
    await marked_addresses.clear(session, account.email)
    if account.role != Role.OWNER:
        return False
    return await verification.record(session, account.church_id, account.admin_id)


async def claim(session: AsyncSession, church_id: UUID, email: str) -> list[UUID]:
    """Make a proved address free for somebody of this church. An account elsewhere that never
    proved it is removed; returns its sessions, which the caller revokes. Raises ``EmailTaken``
    where it was proved. Leaves the session inside ``church_id``."""
    displaced = await accounts.free_unproved(session, email)
    if displaced is None:
        return []
    await db.enter_church(session, displaced.church_id)
    await accounts.disable(session, displaced)
    ended = await sessions.end_all(session, displaced.admin_id, Ending.DISPLACED)
    await audit.record(session, Action.ADDRESS_LOST, displaced.church_id, displaced.admin_id, None)
    await db.enter_church(session, church_id)
    return ended


async def _is_proved(session: AsyncSession, admin_id: UUID) -> bool:
    return await db.exists(
        session,
        "SELECT 1 FROM admins WHERE id = :admin AND email_verified_at IS NOT NULL",
        {"admin": admin_id},
    )


async def _tell_former(
    session: AsyncSession, running: Running, account: Account, *, shown: str, is_done: bool
) -> None:
    """Tell the address that is or was theirs which one is to be, or is."""
    await letters.post(
        session,
        running,
        Kind.ADDRESS_CHANGED,
        account,
        page=FORGOTTEN,
        shown=shown,
        is_done="yes" if is_done else "",
    )
