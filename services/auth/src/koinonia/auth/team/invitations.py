"""Open invitations. The audit trail has what became of the others.

A token is shown once, to the inviter, and kept as its SHA-256. It works once, for seven days, and
no longer than its inviter may give that role. Nothing here tells whether an address has an account
in another church; only whoever accepts with the token learns that.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.auth import accounts, churches, secret_tokens
from koinonia.auth.accounts import Account
from koinonia.auth.errors import ColleagueExists, EmailTaken, InvitationInvalid, NoSuchInvitation
from koinonia.auth.recovery import addresses
from koinonia.auth.team import permissions
from koinonia.common import clock, db
from koinonia.common.identity import Role
from koinonia.common.pagination import Page, PageParams

LIFETIME = timedelta(days=7)
KEPT = timedelta(days=30)  # after it expired, so that staff see who did not accept


@dataclass(frozen=True, slots=True)
class InvitationRequest:
    """Who is to be invited, in which role."""

    email: str
    role: Role
    first_name: str | None
    last_name: str | None


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What an invited person sends to accept."""

    token: str = field(repr=False)
    first_name: str | None
    last_name: str | None


@dataclass(frozen=True, slots=True)
class Made:
    """A new invitation, with the token that cannot be read again."""

    id: UUID
    token: str = field(repr=False)
    mailed_token: str = field(repr=False)  # who accepts with this one has the address
    created_at: datetime
    expires_at: datetime


SHOWN = """
    SELECT i.id, i.email, i.role, i.first_name, i.last_name, i.invited_by, i.created_at,
           t.expires_at, marked.reason AS email_trouble
      FROM invitations i
      JOIN invitation_tokens t ON t.church_id = i.church_id AND t.invitation_id = i.id
                              AND NOT t.is_mailed
      LEFT JOIN marked_addresses marked ON marked.cleared_at IS NULL
            AND marked.email_digest = sha256(convert_to(i.email, 'UTF8'))
"""


NEWEST_FIRST = db.Order({"id": UUID}, descending=True, prefix="i.")


class Invitation(NamedTuple):
    id: UUID
    email: str
    role: str
    first_name: str | None
    last_name: str | None
    invited_by: UUID
    created_at: datetime
    expires_at: datetime
    email_trouble: str | None  # an EmailTrouble


class Invited(NamedTuple):
    """An invitation with its church."""

    id: UUID
    church_id: UUID
    email: str
    role: str
    first_name: str | None
    last_name: str | None
    church_name: str
    timezone: str
    language: str
    is_mailed: bool  # the token came by mail


class _Token(NamedTuple):
    church_id: UUID
    invitation_id: UUID
    is_mailed: bool


class _Expired(NamedTuple):
    church_id: UUID
    ids: list[UUID]


async def page(session: db.Session, params: PageParams) -> Page[Invitation]:
    """One page, the newest first; those that expired are among them for a month."""
    return await db.page(
        session,
        Invitation,
        f"{SHOWN} WHERE true",
        {},
        params,
        NEWEST_FIRST,
        counted="SELECT count(*) FROM invitations",
    )


async def invite(session: AsyncSession, actor: Account, request: InvitationRequest) -> Made:
    """Open an invitation; it replaces an earlier one to the address. The caller has locked the
    church. Raises ``RoleTooHigh`` and ``ColleagueExists``."""
    permissions.check_roles(actor, request.role)
    await _check_not_here(session, request.email)
    replaced = await db.values(
        session,
        str,
        "DELETE FROM invitations WHERE email = :email RETURNING role",
        {"email": request.email},
    )
    permissions.check_roles(actor, *replaced)
    now = clock.now()
    made = Made(db.uuid7(), secret_tokens.new(), secret_tokens.new(), now, now + LIFETIME)
    await db.run(
        session,
        """
        WITH made AS (
            INSERT INTO invitations (id, church_id, email, role, first_name, last_name, invited_by,
                                     created_at)
            VALUES (:id, :church, :email, :role, :first_name, :last_name, :by, :now)
            RETURNING id, church_id
        )
        INSERT INTO invitation_tokens (token_hash, church_id, invitation_id, is_mailed, expires_at)
        SELECT token.hash, church_id, id, token.is_mailed, :expires_at
          FROM made, (VALUES (CAST(:shown AS bytea), false), (CAST(:mailed AS bytea), true))
                     AS token (hash, is_mailed)
        """,
        {
            "id": made.id,
            "church": actor.church_id,
            "email": request.email,
            "role": request.role,
            "first_name": request.first_name,
            "last_name": request.last_name,
            "by": actor.admin_id,
            "now": made.created_at,
            "shown": secret_tokens.digest(made.token),
            "mailed": secret_tokens.digest(made.mailed_token),
            "expires_at": made.expires_at,
        },
    )
    return made


async def revoke(session: AsyncSession, actor: Account, invitation_id: UUID) -> None:
    """Close an invitation. Raises ``NoSuchInvitation`` and ``RoleTooHigh``."""
    role = await db.value(
        session,
        str,
        "DELETE FROM invitations WHERE id = :id RETURNING role",
        {"id": invitation_id},
    )
    if role is None:
        raise NoSuchInvitation
    permissions.check_roles(actor, role)


async def revoke_by(session: AsyncSession, admin_id: UUID, above: Role | None = None) -> None:
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


async def by_token(session: AsyncSession, token: str) -> Invited:
    """The invitation that ``token`` opens. Leaves the session inside its church. Raises
    ``InvitationInvalid``."""
    known = await db.one(
        session,
        _Token,
        """
        SELECT church_id, invitation_id, is_mailed FROM invitation_tokens
         WHERE token_hash = :token_hash AND expires_at > :now
        """,
        {"token_hash": secret_tokens.digest(token), "now": clock.now()},
        missing=InvitationInvalid,
    )
    await db.enter_church(session, known.church_id)
    return await db.one(
        session,
        Invited,
        """
        SELECT i.id, i.church_id, i.email, i.role, i.first_name, i.last_name,
               c.name AS church_name, c.timezone, c.language,
               CAST(:is_mailed AS boolean) AS is_mailed
          FROM invitations i JOIN churches c ON c.id = i.church_id WHERE i.id = :id
        """,
        {"id": known.invitation_id, "is_mailed": known.is_mailed},
        missing=InvitationInvalid,
    )


async def accept(
    session: AsyncSession, acceptance: Acceptance, password_hash: str
) -> tuple[Account, list[UUID]]:
    """Use the invitation up and add the admin. A token that was mailed proves the address, and
    takes it from an account that never did: the sessions of that one come back too, for the caller
    to revoke. Raises ``InvitationInvalid``, ``EmailTaken``."""
    await by_token(session, acceptance.token)
    church = await churches.lock(session)
    invited = await by_token(session, acceptance.token)  # what it was before the wait may be gone
    await db.run(session, "DELETE FROM invitations WHERE id = :id", {"id": invited.id})
    account = Account(
        admin_id=db.uuid7(),
        church_id=invited.church_id,
        email=invited.email,
        password_hash=password_hash,
        first_name=acceptance.first_name or invited.first_name,
        last_name=acceptance.last_name or invited.last_name,
        role=invited.role,
        disabled_at=None,
        church_name=invited.church_name,
        timezone=invited.timezone,
        language=invited.language,
        is_verified=church.is_verified,
    )
    displaced = (
        await addresses.claim(session, account.church_id, account.email)
        if invited.is_mailed
        else []
    )
    if not await accounts.join(session, account):
        raise EmailTaken
    if invited.is_mailed:
        await addresses.record_proof(session, account)
    return account, displaced


async def prune(database: db.Database) -> None:
    """Delete those that expired a month ago, of all churches."""
    before = clock.now() - KEPT
    async with database.transaction() as session:
        expired = await db.rows(
            session,
            _Expired,
            """
            SELECT church_id, array_agg(invitation_id) AS ids FROM invitation_tokens
             WHERE expires_at <= :before GROUP BY church_id
            """,
            {"before": before},
        )
    for church_id, ids in expired:
        async with database.transaction(church_id) as session:
            await db.run(
                session,
                "DELETE FROM invitations WHERE id = ANY(CAST(:ids AS uuid[]))",
                {"ids": ids},
            )


async def _check_not_here(session: AsyncSession, email: str) -> None:
    is_here = await db.exists(
        session,
        "SELECT 1 FROM admins WHERE email = :email AND disabled_at IS NULL",
        {"email": email},
    )
    if is_here:
        raise ColleagueExists
