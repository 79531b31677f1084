"""The admins of a church: list, change and remove them.

A caller that changes one locks the church first (``permissions``, ``churches``), so the last owner
stays one however many owners leave at the same moment.
"""

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple, TypedDict
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.auth import accounts, sessions
from koinonia.auth.accounts import Account, Login
from koinonia.auth.errors import LastOwner, NoSuchAdmin
from koinonia.auth.sessions import Ending
from koinonia.auth.team import invitations, permissions
from koinonia.common import db, outbox
from koinonia.common.events.auth import AdminUpdated
from koinonia.common.identity import Role
from koinonia.common.pagination import Page, PageParams

# A session is forgotten a month after it expired.
SHOWN = """
    SELECT a.id, a.email, a.first_name, a.last_name, a.role, a.name_key,
           a.disabled_at IS NULL AS is_active,
           (SELECT max(s.renewed_at) FROM sessions s
             WHERE s.church_id = a.church_id AND s.admin_id = a.id) AS last_seen_at,
           marked.reason AS email_trouble, marked.marked_at AS email_trouble_since
      FROM admins a
      LEFT JOIN marked_addresses marked ON marked.cleared_at IS NULL
            AND marked.email_digest = sha256(convert_to(a.email, 'UTF8'))
"""


COUNT = "SELECT count(*) FROM admins WHERE (disabled_at IS NOT NULL) = :removed"
BY_NAME = db.Order({"name_key": str, "id": UUID}, prefix="a.")


class Colleague(NamedTuple):
    id: UUID
    email: str
    first_name: str | None
    last_name: str | None
    role: str
    name_key: str
    is_active: bool
    last_seen_at: datetime | None
    email_trouble: str | None  # an EmailTrouble
    email_trouble_since: datetime | None


class AdminFields(TypedDict, total=False):
    """Fields of an admin to change."""

    role: Role
    first_name: str | None
    last_name: str | None


async def page(session: db.Session, params: PageParams, removed: bool) -> Page[Colleague]:
    """One page by name: of those who may sign in, or of those who were removed."""
    return await db.page(
        session,
        Colleague,
        f"{SHOWN} WHERE (a.disabled_at IS NOT NULL) = :removed",
        {"removed": removed},
        params,
        BY_NAME,
        counted=COUNT,
    )


async def colleague(session: AsyncSession, admin_id: UUID) -> Colleague:
    """As the list shows them. Raises ``NoSuchAdmin``."""
    return await db.one(
        session,
        Colleague,
        f"{SHOWN} WHERE a.id = :id",
        {"id": admin_id},
        missing=NoSuchAdmin,
    )


async def present(session: AsyncSession, admin_id: UUID) -> Account:
    """An admin who may sign in. Raises ``NoSuchAdmin``, for a removed one too."""
    account = await accounts.by_id(session, admin_id)
    if account is None or account.disabled_at:
        raise NoSuchAdmin
    return account


async def change(
    session: AsyncSession, actor: Account, account: Account, given: AdminFields
) -> list[str]:
    """Change the fields in ``given``. Returns the names of those that differ from before; without
    any, no event is published. Raises ``RoleTooHigh`` and ``LastOwner``."""
    after = replace(account, **given)
    permissions.check_roles(actor, account.role, after.role)
    changed = [name for name in given if getattr(account, name) != getattr(after, name)]
    if not changed:
        return changed
    if account.role == Role.OWNER and after.role != Role.OWNER:
        await _check_another_owner(session, account.admin_id)
    await _write(session, after)
    if "role" in changed:
        await invitations.revoke_by(session, account.admin_id, above=Role(after.role))
    await outbox.add(
        session,
        AdminUpdated(
            church_id=after.church_id,
            admin_id=after.admin_id,
            role=after.role,
            first_name=after.first_name,
            last_name=after.last_name,
        ),
    )
    return changed


async def remove(session: AsyncSession, actor: Account, account: Account) -> list[UUID]:
    """Remove ``account`` from the team; returns the sessions that end with it, whose access tokens
    the caller revokes. The row stays, so that what the admin did keeps a name. Raises
    ``RoleTooHigh`` and ``LastOwner``."""
    permissions.check_roles(actor, account.role)
    if account.role == Role.OWNER:
        await _check_another_owner(session, account.admin_id)
    login = Login(account.church_id, account.admin_id)
    # First of all, since it locks the row: a session that begins meanwhile is found below.
    await accounts.disable(session, login)
    await db.run(
        session,
        "DELETE FROM logins WHERE church_id = :church AND admin_id = :admin",
        {"church": login.church_id, "admin": login.admin_id},
    )
    await invitations.revoke_by(session, account.admin_id)
    return await sessions.end_all(session, account.admin_id, Ending.REMOVED)


async def _check_another_owner(session: AsyncSession, admin_id: UUID) -> None:
    another = await db.exists(
        session,
        "SELECT 1 FROM admins WHERE role = 'owner' AND disabled_at IS NULL AND id <> :id LIMIT 1",
        {"id": admin_id},
    )
    if not another:
        raise LastOwner


async def _write(session: AsyncSession, account: Account) -> None:
    await db.run(
        session,
        """
        UPDATE admins
           SET role = :role, first_name = :first_name, last_name = :last_name, name_key = :name_key
         WHERE id = :id
        """,
        {
            "id": account.admin_id,
            "role": account.role,
            "first_name": account.first_name,
            "last_name": account.last_name,
            "name_key": accounts.name_key(account.first_name, account.last_name, account.email),
        },
    )
