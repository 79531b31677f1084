"""The admins of a church: the list of them, what they are called, what they may do, the end of it.

Whoever changes somebody holds the church first (``acting``, ``churches``), so the last owner stays
one however many owners leave at the same moment.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.auth import accounts, sessions
from koinonia.auth.accounts import Account
from koinonia.auth.errors import LastOwner, NoSuchAdmin
from koinonia.auth.sessions import Ending
from koinonia.auth.team import acting, invitations
from koinonia.common import clock, db, outbox
from koinonia.common.events.auth import AdminRemoved, AdminUpdated
from koinonia.common.identity import Role
from koinonia.common.pagination import PageParams

# A session expires its lifetime after it was last renewed; it is forgotten a month after that.
SHOWN = """
    SELECT a.id, a.email, a.first_name, a.last_name, a.role, a.name_key,
           a.disabled_at IS NULL AS is_active,
           (SELECT max(s.expires_at) FROM sessions s
             WHERE s.church_id = a.church_id AND s.admin_id = a.id)
             - CAST(:lifetime AS interval) AS last_seen_at
      FROM admins a
"""


async def listed(session: AsyncSession, params: PageParams, removed: bool) -> list[Any]:
    """One page by name: of those who may sign in, or of those who were removed."""
    after = params.after(str, UUID)
    key, admin_id = after or (None, None)
    return await db.untyped_rows(
        session,
        f"""
        {SHOWN}
         WHERE (a.disabled_at IS NOT NULL) = :removed
           {"AND (a.name_key, a.id) > (:key, :id)" if after else ""}
         ORDER BY a.name_key, a.id LIMIT :take OFFSET :offset
        """,
        {
            "lifetime": sessions.LIFETIME,
            "removed": removed,
            "key": key,
            "id": admin_id,
            "take": params.take,
            "offset": params.offset,
        },
    )


async def total(session: AsyncSession, removed: bool) -> int:
    found = await db.untyped_first(
        session,
        "SELECT count(*) FROM admins WHERE (disabled_at IS NOT NULL) = :removed",
        {"removed": removed},
    )
    return int(found[0]) if found else 0


async def one(session: AsyncSession, admin_id: UUID) -> Any:
    """As the list shows them. Raises ``NoSuchAdmin``."""
    found = await db.untyped_first(
        session, f"{SHOWN} WHERE a.id = :id", {"id": admin_id, "lifetime": sessions.LIFETIME}
    )
    if found is None:
        raise NoSuchAdmin
    return found


async def present(session: AsyncSession, admin_id: UUID) -> Account:
    """Somebody who may sign in. Raises ``NoSuchAdmin``, of who was removed too."""
    account = await accounts.of_admin(session, admin_id)
    if account is None or account.disabled_at:
        raise NoSuchAdmin
    return account


async def change(
    session: AsyncSession, actor: Account, account: Account, given: Mapping[str, Any]
) -> list[str]:
    """Change what ``given`` names: ``role``, ``first_name``, ``last_name``. Returns which of them
    are others now; of no change nobody is told. Raises ``RoleTooHigh`` and ``LastOwner``."""
    acting.check(actor, account.role, given.get("role", account.role))
    changed = [name for name, value in given.items() if getattr(account, name) != value]
    if not changed:
        return changed
    values = {
        "role": account.role,
        "first_name": account.first_name,
        "last_name": account.last_name,
        **given,
    }
    if account.role is Role.OWNER and values["role"] != Role.OWNER:
        await _check_another_owner(session, account.admin_id)
    await _write(session, account, values)
    if "role" in changed:
        await invitations.revoke_those_of(session, account.admin_id, above=values["role"])
    await outbox.add(
        session, AdminUpdated(church_id=account.church_id, admin_id=account.admin_id, **values)
    )
    return changed


async def remove(session: AsyncSession, actor: Account, account: Account) -> list[UUID]:
    """End what ``account`` may do; returns the sessions that end with it, whose access tokens are
    yet to be revoked. The row stays, so that what they did keeps a name. Raises ``RoleTooHigh``
    and ``LastOwner``."""
    acting.check(actor, account.role)
    if account.role is Role.OWNER:
        await _check_another_owner(session, account.admin_id)
    admin = {"admin": account.admin_id}
    await db.run(
        session,
        "UPDATE admins SET disabled_at = :now WHERE id = :admin",
        {**admin, "now": clock.now()},
    )
    await db.run(
        session,
        "DELETE FROM logins WHERE church_id = :church AND admin_id = :admin",
        {**admin, "church": account.church_id},
    )
    await invitations.revoke_those_of(session, account.admin_id)
    ended = await sessions.end_all(session, account.admin_id, Ending.REMOVED)
    await outbox.add(session, AdminRemoved(church_id=account.church_id, admin_id=account.admin_id))
    return ended


async def _check_another_owner(session: AsyncSession, admin_id: UUID) -> None:
    other = await db.untyped_first(
        session,
        "SELECT 1 FROM admins WHERE role = 'owner' AND disabled_at IS NULL AND id <> :id LIMIT 1",
        {"id": admin_id},
    )
    if other is None:
        raise LastOwner


async def _write(session: AsyncSession, account: Account, values: Mapping[str, Any]) -> None:
    await db.run(
        session,
        """
        UPDATE admins
           SET role = :role, first_name = :first_name, last_name = :last_name, name_key = :name_key
         WHERE id = :id
        """,
        {
            **values,
            "id": account.admin_id,
            "name_key": accounts.name_key(values["first_name"], values["last_name"], account.email),
        },
    )
