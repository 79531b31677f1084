"""Churches and their admins."""

import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.auth import verification
from koinonia.auth.churches import Language
from koinonia.auth.email_digests import digest
from koinonia.auth.errors import AccountDisabled, EmailTaken
from koinonia.common import clock, db, outbox
from koinonia.common.events.auth import AdminJoined, AdminRemoved, ChurchRegistered
from koinonia.common.identity import Role

NO_ID = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Account:
    """An admin with their church."""

    admin_id: UUID
    church_id: UUID
    email: str
    password_hash: str = field(repr=False)
    first_name: str | None
    last_name: str | None
    role: str  # a Role
    disabled_at: datetime | None
    church_name: str
    timezone: str
    language: str  # a Language
    is_verified: bool  # the church
    email_trouble: str | None = None  # an EmailTrouble
    email_trouble_since: datetime | None = None

    @property
    def name(self) -> str | None:
        """First and last name, as far as they are known."""
        return full_name(self.first_name, self.last_name)


@dataclass(frozen=True, slots=True)
class Registration:
    """A church that registers, with its first admin."""

    church_name: str
    timezone: str
    language: Language
    email: str
    first_name: str | None
    last_name: str | None


async def register(
    session: AsyncSession, registration: Registration, password_hash: str, *, is_verified: bool
) -> Account | None:
    """Add the church and its owner, with their events; None when the address has an account.
    ``is_verified``: the address needs no further proof."""
    account = Account(
        admin_id=db.uuid7(),
        church_id=db.uuid7(),
        email=registration.email,
        password_hash=password_hash,
        first_name=registration.first_name,
        last_name=registration.last_name,
        role=Role.OWNER,
        disabled_at=None,
        church_name=registration.church_name,
        timezone=registration.timezone,
        language=registration.language,
        is_verified=is_verified,
    )
    await db.enter_church(session, account.church_id)
    await _add_church(session, account)
    if not await join(session, account):
        return None
    if is_verified:
        await verification.record(session, account.church_id, account.admin_id)
    else:
        await verification.begin(session, account.church_id)
    return account


async def join(session: AsyncSession, account: Account) -> bool:
    """Add the admin to the church of the session; False when the address has an account.

    Of two with one address at the same moment, the second waits here for the first.
    """
    parameters = {
        "church": account.church_id,
        "admin": account.admin_id,
        "email": account.email,
        "digest": digest(account.email),
        "password_hash": account.password_hash,
        "first_name": account.first_name,
        "last_name": account.last_name,
        "name_key": name_key(account.first_name, account.last_name, account.email),
        "role": account.role,
        "now": clock.now(),
    }
    if await db.run(session, INSERT_ADMIN, parameters) != 1:
        return False
    await outbox.add(
        session,
        AdminJoined(
            church_id=account.church_id,
            admin_id=account.admin_id,
            role=account.role,
            first_name=account.first_name,
            last_name=account.last_name,
        ),
    )
    return True


class Login(NamedTuple):
    """The account that somebody signs in to with an address."""

    church_id: UUID
    admin_id: UUID


async def by_email(session: AsyncSession, email: str) -> Account | None:
    """The account with this address. Leaves the session inside its church.

    Runs the same statements whether or not there is such an account, so that it takes as long.
    """
    login = await db.first(
        session,
        Login,
        "SELECT church_id, admin_id FROM logins WHERE email_digest = :digest",
        {"digest": digest(email)},
    )
    await db.enter_church(session, login.church_id if login else NO_ID)
    return await by_id(session, login.admin_id if login else NO_ID)


async def by_id(session: db.Session, admin_id: UUID) -> Account | None:
    """The account of an admin of the session's church."""
    return await db.first(
        session,
        Account,
        """
        SELECT admins.id AS admin_id, admins.church_id, email, password_hash, first_name,
               last_name, role, disabled_at, churches.name AS church_name, timezone, language,
               churches.verified_at IS NOT NULL AS is_verified,
               marked.reason AS email_trouble, marked.marked_at AS email_trouble_since
          FROM admins JOIN churches ON churches.id = admins.church_id
          LEFT JOIN marked_addresses marked ON marked.cleared_at IS NULL
                AND marked.email_digest = sha256(convert_to(admins.email, 'UTF8'))
         WHERE admins.id = :admin
        """,
        {"admin": admin_id},
    )


async def enabled(session: db.Session, admin_id: UUID) -> Account:
    """The account of an admin of the session's church who is not disabled."""
    account = await by_id(session, admin_id)
    if account is None or account.disabled_at:
        raise AccountDisabled
    return account


async def lock(session: AsyncSession, admin_id: UUID) -> Account:
    """The same, locked until the transaction ends: whoever removes the admin meanwhile waits, and
    then finds the session that this transaction began."""
    await db.run(session, "SELECT FROM admins WHERE id = :admin FOR SHARE", {"admin": admin_id})
    return await enabled(session, admin_id)


async def replace_hash(session: AsyncSession, account: Account, password_hash: str) -> None:
    """Store the same password hashed anew, unless it was changed meanwhile."""
    await db.run(
        session,
        "UPDATE admins SET password_hash = :new WHERE id = :admin AND password_hash = :old",
        {"new": password_hash, "admin": account.admin_id, "old": account.password_hash},
    )


async def replace_password(session: AsyncSession, account: Account, password_hash: str) -> None:
    await db.run(
        session,
        "UPDATE admins SET password_hash = :new WHERE id = :admin",
        {"new": password_hash, "admin": account.admin_id},
    )


async def replace_email(session: AsyncSession, account: Account, email: str) -> bool:
    """Give the account a new address, which it signs in with; False when another has it."""
    replaced = await db.run(
        session,
        """
        WITH login AS (
            INSERT INTO logins (email_digest, church_id, admin_id)
            VALUES (:digest, :church, :admin) ON CONFLICT (email_digest) DO NOTHING
            RETURNING admin_id
        )
        UPDATE admins SET email = :email, new_email = NULL, email_verified_at = NULL,
                          name_key = :name_key
          FROM login WHERE admins.id = login.admin_id
        """,
        {
            "digest": digest(email),
            "church": account.church_id,
            "admin": account.admin_id,
            "email": email,
            "name_key": name_key(account.first_name, account.last_name, email),
        },
    )
    await db.run(
        session,
        "DELETE FROM logins WHERE email_digest = :digest",
        {"digest": digest(account.email)},
    )
    return replaced == 1


async def free_unproved(session: AsyncSession, email: str) -> Login | None:
    """Take the address from the account that holds it without ever having proved it; that account,
    or None when nobody holds it. Raises ``EmailTaken`` where it was proved."""
    login = await db.first(
        session,
        Login,
        "DELETE FROM logins WHERE email_digest = :digest AND NOT is_proved "
        "RETURNING church_id, admin_id",
        {"digest": digest(email)},
    )
    if login is None and await db.exists(
        session, "SELECT 1 FROM logins WHERE email_digest = :digest", {"digest": digest(email)}
    ):
        raise EmailTaken
    return login


async def disable(session: AsyncSession, login: Login) -> None:
    """Nobody signs in to this account of the session's church any more."""
    await db.run(
        session,
        "UPDATE admins SET disabled_at = :now WHERE id = :admin",
        {"admin": login.admin_id, "now": clock.now()},
    )
    await outbox.add(session, AdminRemoved(church_id=login.church_id, admin_id=login.admin_id))


def full_name(first_name: str | None, last_name: str | None) -> str | None:
    return " ".join(filter(None, (first_name, last_name))) or None


def name_key(first_name: str | None, last_name: str | None, email: str) -> str:
    """The sort key of a team: the name without case and accents, else the address."""
    bare = unicodedata.normalize("NFKD", f"{first_name or ''} {last_name or ''}".strip() or email)
    return "".join(char for char in bare if not unicodedata.combining(char)).casefold()


async def _add_church(session: AsyncSession, account: Account) -> None:
    await db.run(
        session,
        """
        INSERT INTO churches (id, name, timezone, language, created_at)
        VALUES (:church, :name, :timezone, :language, :now)
        """,
        {
            "church": account.church_id,
            "name": account.church_name,
            "timezone": account.timezone,
            "language": account.language,
            "now": clock.now(),
        },
    )
    await outbox.add(
        session,
        ChurchRegistered(
            church_id=account.church_id,
            church_name=account.church_name,
            timezone=account.timezone,
            language=account.language,
        ),
    )


# Addresses are unique in logins; in admins a removed admin's address may occur again.
INSERT_ADMIN = """
    WITH login AS (
        INSERT INTO logins (email_digest, church_id, admin_id) VALUES (:digest, :church, :admin)
        ON CONFLICT (email_digest) DO NOTHING
        RETURNING church_id, admin_id
    )
    INSERT INTO admins (id, church_id, email, password_hash, first_name, last_name, name_key, role,
                        created_at)
    SELECT admin_id, church_id, :email, :password_hash, :first_name, :last_name, :name_key, :role,
           :now
      FROM login
"""
