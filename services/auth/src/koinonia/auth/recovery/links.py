"""Links that carry a secret: 32 random bytes, kept as their SHA-256, good once and for a while.

A person has one link of each purpose at most; a new one replaces it. The secret travels in the
fragment of the address, which no server and no log sees; the page sends it in a body.
"""

from datetime import timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.auth import secret_tokens
from koinonia.auth.accounts import Account
from koinonia.auth.errors import LinkInvalid
from koinonia.common import clock, db


class Purpose(StrEnum):
    RESET = "reset"  # choose a new password
    ADDRESS = "address"  # confirm a mail address, the present or the next one

    @property
    def lifetime(self) -> timedelta:
        return timedelta(minutes=30) if self is Purpose.RESET else timedelta(hours=24)


class _Owner(NamedTuple):
    church_id: UUID
    admin_id: UUID


async def create(session: AsyncSession, account: Account, purpose: Purpose) -> str:
    """The secret of a new link, which cannot be read again."""
    token = secret_tokens.new()
    await db.run(
        session,
        """
        INSERT INTO secret_links (church_id, admin_id, purpose, token_hash, expires_at)
        VALUES (:church, :admin, :purpose, :token_hash, :expires_at)
        ON CONFLICT (church_id, admin_id, purpose) DO UPDATE
           SET token_hash = excluded.token_hash, expires_at = excluded.expires_at
        """,
        {
            "church": account.church_id,
            "admin": account.admin_id,
            "purpose": purpose,
            "token_hash": secret_tokens.digest(token),
            "expires_at": clock.now() + purpose.lifetime,
        },
    )
    return token


async def owner(session: AsyncSession, token: str, purpose: Purpose) -> UUID:
    """The admin whose link this is. Leaves the session inside their church. Raises
    ``LinkInvalid``."""
    known = await db.one(
        session,
        _Owner,
        """
        SELECT church_id, admin_id FROM secret_links
         WHERE token_hash = :token_hash AND purpose = :purpose AND expires_at > :now
        """,
        {"token_hash": secret_tokens.digest(token), "purpose": purpose, "now": clock.now()},
        missing=LinkInvalid,
    )
    await db.enter_church(session, known.church_id)
    return known.admin_id


async def use(session: AsyncSession, token: str) -> None:
    """Use the link up; of two at the same moment the second raises ``LinkInvalid``."""
    used = await db.run(
        session,
        "DELETE FROM secret_links WHERE token_hash = :token_hash",
        {"token_hash": secret_tokens.digest(token)},
    )
    if not used:
        raise LinkInvalid


async def forget(session: AsyncSession, account: Account) -> None:
    """End all links of somebody: what they prove has changed."""
    await db.run(
        session,
        "DELETE FROM secret_links WHERE church_id = :church AND admin_id = :admin",
        {"church": account.church_id, "admin": account.admin_id},
    )


async def prune(session: AsyncSession) -> int:
    """Delete what expired (ix_secret_links_expires_at); returns how many."""
    return await db.run(
        session, "DELETE FROM secret_links WHERE expires_at <= :now", {"now": clock.now()}
    )
