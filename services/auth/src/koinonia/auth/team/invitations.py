"""Invitations: open ones only. What became of the others stands in the audit trail.

A token is shown once, to who invites, and kept as its SHA-256. It works once and for seven days,
and no longer than its inviter may give that role. Nothing here tells whether an address has an
account in another church; that learns who holds the token and accepts.
"""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.auth import accounts, churches
from koinonia.auth.accounts import Account
from koinonia.auth.churches import Language
from koinonia.auth.errors import ColleagueExists, EmailTaken, InvitationInvalid, NoSuchInvitation
from koinonia.auth.team import acting
from koinonia.common import clock, db
from koinonia.common.identity import Role
from koinonia.common.pagination import PageParams

LIFETIME = timedelta(days=7)
KEPT = timedelta(days=30)  # beyond that, so that staff see who let it lapse


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom to invite, as what."""

    email: str
    role: Role
    first_name: str | None
    last_name: str | None


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What somebody who was invited says of themselves."""

    token: str = field(repr=False)
    first_name: str | None
    last_name: str | None


@dataclass(frozen=True, slots=True)
class Made:
    """An invitation that was made just now, with what nobody can read again."""

    id: UUID
    token: str = field(repr=False)
    created_at: datetime
    expires_at: datetime


SHOWN = """
    SELECT i.id, i.email, i.role, i.first_name, i.last_name, i.invited_by, i.created_at,
           t.expires_at
      FROM invitations i
      JOIN invitation_tokens t ON t.church_id = i.church_id AND t.invitation_id = i.id
"""


async def listed(session: AsyncSession, params: PageParams) -> list[Any]:
    """One page, the newest first; those that expired are among them for a month."""
    after = params.after(UUID)
    return await db.untyped_rows(
        session,
        f"""
        {SHOWN}
        {"WHERE i.id < :id" if after else ""}
         ORDER BY i.id DESC LIMIT :take OFFSET :offset
        """,
        {"id": after and after[0], "take": params.take, "offset": params.offset},
    )


async def total(session: AsyncSession) -> int:
    found = await db.untyped_first(session, "SELECT count(*) FROM invitations")
    return int(found[0]) if found else 0


async def invite(session: AsyncSession, actor: Account, wanted: Wanted) -> Made:
    """Open an invitation; an earlier one to the address is replaced. The caller holds the church.
    Raises ``RoleTooHigh`` and ``ColleagueExists``."""
    acting.check(actor, wanted.role)
    await _check_not_here(session, wanted.email)
    replaced = await db.untyped_rows(
        session,
        "DELETE FROM invitations WHERE email = :email RETURNING role",
        {"email": wanted.email},
    )
    acting.check(actor, *(row.role for row in replaced))
    now = clock.now()
    made = Made(db.uuid7(), secrets.token_urlsafe(32), now, now + LIFETIME)
    await db.run(
        session,
        """
        WITH made AS (
            INSERT INTO invitations (id, church_id, email, role, first_name, last_name, invited_by,
                                     created_at)
            VALUES (:id, :church, :email, :role, :first_name, :last_name, :by, :now)
            RETURNING id, church_id
        )
        INSERT INTO invitation_tokens (token_hash, church_id, invitation_id, expires_at)
        SELECT :token_hash, church_id, id, :expires_at FROM made
        """,
        {
            "id": made.id,
            "church": actor.church_id,
            "email": wanted.email,
            "role": wanted.role,
            "first_name": wanted.first_name,
            "last_name": wanted.last_name,
            "by": actor.admin_id,
            "now": made.created_at,
            "token_hash": _hashed(made.token),
            "expires_at": made.expires_at,
        },
    )
    return made


async def revoke(session: AsyncSession, actor: Account, invitation_id: UUID) -> None:
    """Close an invitation. Raises ``NoSuchInvitation`` and ``RoleTooHigh``."""
    row = await db.untyped_first(
        session, "DELETE FROM invitations WHERE id = :id RETURNING role", {"id": invitation_id}
    )
    if row is None:
        raise NoSuchInvitation
    acting.check(actor, row.role)


async def revoke_those_of(session: AsyncSession, admin_id: UUID, above: Role | None = None) -> None:
    """Close what an admin could not invite to any more: all, or to the roles above one."""
    may = [role for role in Role if above and above.includes(Role.ADMIN) and above.includes(role)]
    await db.run(
        session,
        """
        DELETE FROM invitations
         WHERE invited_by = :admin AND NOT role = ANY(CAST(:may AS text[]))
        """,
        {"admin": admin_id, "may": may},
    )


async def of_token(session: AsyncSession, token: str) -> Any:
    """The invitation that ``token`` opens: ``email, role, first_name, last_name, invited_by``, and
    ``church_id, church_name, timezone, language``. Leaves the session inside that church."""
    known = await db.untyped_first(
        session,
        """
        SELECT church_id, invitation_id FROM invitation_tokens
         WHERE token_hash = :token_hash AND expires_at > :now
        """,
        {"token_hash": _hashed(token), "now": clock.now()},
    )
    if known is None:
        raise InvitationInvalid
    await db.enter_church(session, known.church_id)
    invited = await db.untyped_first(
        session,
        """
        SELECT i.*, c.name AS church_name, c.timezone, c.language
          FROM invitations i JOIN churches c ON c.id = i.church_id WHERE i.id = :id
        """,
        {"id": known.invitation_id},
    )
    if invited is None:
        raise InvitationInvalid
    return invited


async def accept(session: AsyncSession, wanted: Acceptance, password_hash: str) -> Account:
    """Use the invitation up and add the admin. Raises ``InvitationInvalid``, ``EmailTaken``."""
    await of_token(session, wanted.token)
    await churches.hold(session)
    invited = await of_token(session, wanted.token)  # what it was before the wait may be gone
    await db.run(session, "DELETE FROM invitations WHERE id = :id", {"id": invited.id})
    account = Account(
        admin_id=db.uuid7(),
        church_id=invited.church_id,
        email=invited.email,
        password_hash=password_hash,
        first_name=wanted.first_name or invited.first_name,
        last_name=wanted.last_name or invited.last_name,
        role=Role(invited.role),
        disabled_at=None,
        church_name=invited.church_name,
        timezone=invited.timezone,
        language=Language(invited.language),
    )
    if not await accounts.join(session, account):
        raise EmailTaken
    return account


async def prune(database: db.Database) -> None:
    """Forget those that expired a month ago, of all churches."""
    before = clock.now() - KEPT
    async with database.transaction() as session:
        old = await db.untyped_rows(
            session,
            """
            SELECT church_id, array_agg(invitation_id) AS ids FROM invitation_tokens
             WHERE expires_at <= :before GROUP BY church_id
            """,
            {"before": before},
        )
    for church_id, ids in old:
        async with database.transaction(church_id) as session:
            await db.run(
                session,
                "DELETE FROM invitations WHERE id = ANY(CAST(:ids AS uuid[]))",
                {"ids": ids},
            )


async def _check_not_here(session: AsyncSession, email: str) -> None:
    here = await db.untyped_first(
        session,
        "SELECT 1 FROM admins WHERE email = :email AND disabled_at IS NULL",
        {"email": email},
    )
    if here:
        raise ColleagueExists


def _hashed(token: str) -> bytes:
    """As with refresh tokens: there is nothing to guess in 256 random bits."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
