"""Churches and their admins."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.auth.errors import AccountDisabled
from koinonia.common import clock, db, outbox
from koinonia.common.events.auth import AdminJoined, ChurchRegistered
from koinonia.common.identity import Role

NO_ID = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Account:
    """An admin together with the church, as it signs in."""

    admin_id: UUID
    church_id: UUID
    email: str
    password_hash: str = field(repr=False)
    first_name: str | None
    last_name: str | None
    role: Role
    disabled_at: datetime | None
    church_name: str
    timezone: str


@dataclass(frozen=True, slots=True)
class Registration:
    """A church that registers, with its first admin."""

    church_name: str
    timezone: str
    email: str
    first_name: str | None
    last_name: str | None


async def register(
    session: AsyncSession, wanted: Registration, password_hash: str
) -> Account | None:
    """Found the church, its owner and their events; None when the address has an account."""
    account = Account(
        admin_id=db.uuid7(),
        church_id=db.uuid7(),
        email=wanted.email,
        password_hash=password_hash,
        first_name=wanted.first_name,
        last_name=wanted.last_name,
        role=Role.OWNER,
        disabled_at=None,
        church_name=wanted.church_name,
        timezone=wanted.timezone,
    )
    await db.enter_church(session, account.church_id)
    if not await _insert(session, account):
        return None
    await outbox.add(
        session,
        ChurchRegistered(
            church_id=account.church_id,
            church_name=account.church_name,
            timezone=account.timezone,
        ),
        AdminJoined(church_id=account.church_id, admin_id=account.admin_id, role=account.role),
    )
    return account


async def of_email(session: AsyncSession, email: str) -> Account | None:
    """Whose address it is. Leaves the session inside that church.

    Takes the same statements whether or not there is such an account, so that it takes as long.
    """
    login = await db.first(
        session,
        "SELECT church_id, admin_id FROM logins WHERE email_digest = :digest",
        {"digest": digest(email)},
    )
    await db.enter_church(session, login.church_id if login else NO_ID)
    return await of_admin(session, login.admin_id if login else NO_ID)


async def of_admin(session: AsyncSession, admin_id: UUID) -> Account | None:
    """The account of an admin of the session's church."""
    row = await db.first(
        session,
        """
        SELECT admins.id, admins.church_id, email, password_hash, first_name, last_name, role,
               disabled_at, churches.name, churches.timezone
          FROM admins JOIN churches ON churches.id = admins.church_id
         WHERE admins.id = :admin
        """,
        {"admin": admin_id},
    )
    if row is None:
        return None
    admin, church, email, password_hash, first, last, role, disabled_at, name, zone = row
    return Account(
        admin, church, email, password_hash, first, last, Role(role), disabled_at, name, zone
    )


async def enabled(session: AsyncSession, admin_id: UUID) -> Account:
    """The account of an admin of the session's church who may go on."""
    account = await of_admin(session, admin_id)
    if account is None or account.disabled_at:
        raise AccountDisabled
    return account


async def replace_hash(session: AsyncSession, account: Account, password_hash: str) -> None:
    """Store the same password hashed anew, unless it was changed meanwhile."""
    await db.run(
        session,
        "UPDATE admins SET password_hash = :new WHERE id = :admin AND password_hash = :old",
        {"new": password_hash, "admin": account.admin_id, "old": account.password_hash},
    )


def digest(email: str) -> bytes:
    return hashlib.sha256(email.encode()).digest()


async def _insert(session: AsyncSession, account: Account) -> bool:
    parameters = {
        "church": account.church_id,
        "church_name": account.church_name,
        "timezone": account.timezone,
        "admin": account.admin_id,
        "email": account.email,
        "digest": digest(account.email),
        "password_hash": account.password_hash,
        "first_name": account.first_name,
        "last_name": account.last_name,
        "role": account.role,
        "now": clock.now(),
    }
    await db.run(session, INSERT_CHURCH, parameters)
    return await db.run(session, INSERT_ADMIN, parameters) == 1


INSERT_CHURCH = """
    INSERT INTO churches (id, name, timezone, created_at)
    VALUES (:church, :church_name, :timezone, :now)
"""

# Of two registrations with one address at the same moment, the second waits here for the first.
INSERT_ADMIN = """
    WITH admin AS (
        INSERT INTO admins (id, church_id, email, password_hash, first_name, last_name, role,
                            created_at)
        VALUES (:admin, :church, :email, :password_hash, :first_name, :last_name, :role, :now)
        ON CONFLICT (email) DO NOTHING
        RETURNING id, church_id
    )
    INSERT INTO logins (email_digest, church_id, admin_id)
    SELECT :digest, church_id, id FROM admin
"""
