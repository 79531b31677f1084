"""Sessions and the chain of their refresh tokens.

A refresh token is used once: it is exchanged for the next of its session. One that comes back later
was copied, and nobody can tell whether the first or the second user is the owner: the session ends
for both. Within ``GRACE`` it is answered with the same successor, because two tabs of one browser
renew at the same moment, and an answer may be lost on its way.

The successor is a keyed digest of the token, so it can be given again although only hashes are
stored. Without the key nobody can compute it, not even from the token before.
"""

import asyncio
import base64
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.auth import secret_tokens
from koinonia.auth.accounts import Account
from koinonia.auth.errors import RefreshTokenInvalid
from koinonia.auth.macs import Macs, Purpose
from koinonia.common import clock, db, outbox
from koinonia.common.events import auth as events
from koinonia.common.identity import ACCESS_LIFETIME, Revocations, Role, SessionEnded

GRACE = timedelta(seconds=10)
LIFETIME = timedelta(days=30)  # counted anew from every refresh
LONGEST = timedelta(days=90)  # however often it is renewed
REVOKED_SECONDS = int(ACCESS_LIFETIME.total_seconds()) + 60  # with room for clocks that differ


class Ending(StrEnum):
    """Why a session ended before its time."""

    LOGOUT = "logout"
    REUSE = "reuse"
    REMOVED = "removed"
    PASSWORD = "password"  # noqa: S105 - a reason: it was changed
    ADDRESS = "address"
    CHOSEN = "chosen"  # its owner ended it from another one
    OPERATOR = "operator"  # who runs Koinonia ended it for them
    UNPROVED = "unproved"  # a second factor is required from now on
    DISPLACED = "displaced"  # the address proved to be somebody else's


@dataclass(frozen=True, slots=True)
class Known:
    """A session, whatever its state."""

    id: UUID
    church_id: UUID


@dataclass(frozen=True, slots=True)
class Live(Known):
    """A session that may act, and the one refresh token that renews it next."""

    admin_id: UUID
    csrf_id: str | None
    refresh_token: str
    issued_at: datetime

    @property
    def csrf(self) -> str:
        """What the CSRF token of this session is bound to."""
        return self.csrf_id or str(self.id)


@dataclass(frozen=True, slots=True)
class Ended(Known):
    """A session that was ended just now."""

    admin_id: UUID


@dataclass(frozen=True, slots=True)
class Place:
    """Where a session is used: what the client says it is, and the network it comes from."""

    user_agent: str | None = None
    network: str | None = None


async def begin(session: AsyncSession, account: Account, csrf_id: str | None, place: Place) -> Live:
    """Begin a session of ``account``."""
    now = clock.now()
    live = Live(db.uuid7(), account.church_id, account.admin_id, csrf_id, secret_tokens.new(), now)
    await db.run(
        session,
        """
        WITH begun AS (
            INSERT INTO sessions (id, church_id, admin_id, csrf_id, user_agent, network,
                                  created_at, renewed_at, expires_at)
            VALUES (:id, :church, :admin, :csrf_id, :user_agent, :network, :now, :now, :expires_at)
            RETURNING id, church_id
        )
        INSERT INTO refresh_tokens (token_hash, church_id, session_id, issued_at)
        SELECT :token_hash, church_id, id, :now FROM begun
        """,
        {
            "id": live.id,
            "church": live.church_id,
            "admin": live.admin_id,
            "csrf_id": csrf_id,
            "user_agent": place.user_agent,
            "network": place.network,
            "now": now,
            "expires_at": now + LIFETIME,
            "token_hash": secret_tokens.digest(live.refresh_token),
        },
    )
    return live


async def renew(session: AsyncSession, macs: Macs, token: str, place: Place) -> Live | Ended:
    """Exchange ``token`` for the next one, at ``place``. One that was used longer than ``GRACE``
    ago ends its session, which is returned and not raised, so that it is committed. Leaves the
    transaction in the church."""
    known = await by_token(session, token)
    if known is None:
        raise RefreshTokenInvalid
    await db.enter_church(session, known.church_id)
    extended = await _extended(session, known.id, place)
    if extended is None:
        raise SessionEnded
    following = await _exchanged(session, macs, token) or await _recent(session, macs, token)
    if following:
        return Live(known.id, known.church_id, *extended, *following)
    ended = await end(session, known.id, Ending.REUSE)
    assert ended is not None  # its row is locked since it was found alive
    return ended


async def by_token(session: AsyncSession, token: str) -> Known | None:
    """The session that ``token`` was given to, used or not."""
    return await db.first(
        session,
        Known,
        "SELECT session_id AS id, church_id FROM refresh_tokens WHERE token_hash = :token_hash",
        {"token_hash": secret_tokens.digest(token)},
    )


async def end(session: AsyncSession, session_id: UUID, reason: Ending) -> Ended | None:
    """End a session of this church; None when it had ended before."""
    ended = await db.first(
        session,
        Ended,
        """
        UPDATE sessions SET ended_at = :now, ended_reason = :reason
         WHERE id = :id AND ended_at IS NULL
        RETURNING id, church_id, admin_id
        """,
        {"id": session_id, "now": clock.now(), "reason": reason},
    )
    if ended:
        await _tell(session, ended)
    return ended


async def _tell(session: AsyncSession, ended: Ended) -> None:
    """Redis may forget what was revoked; gateways keep what they were told."""
    await outbox.add(
        session,
        events.SessionEnded(
            church_id=ended.church_id, session_id=ended.id, admin_id=ended.admin_id
        ),
    )


async def end_all(
    session: AsyncSession, admin_id: UUID, reason: Ending, spared: UUID | None = None
) -> list[UUID]:
    """End every session of an admin of this church but the ``spared`` one; returns their ids."""
    ended = await db.rows(
        session,
        Ended,
        """
        UPDATE sessions SET ended_at = :now, ended_reason = :reason
         WHERE admin_id = :admin AND ended_at IS NULL AND expires_at > :now
               AND id IS DISTINCT FROM :spared
        RETURNING id, church_id, admin_id
        """,
        {"admin": admin_id, "now": clock.now(), "reason": reason, "spared": spared},
    )
    for each in ended:
        await _tell(session, each)
    return [each.id for each in ended]


async def revoke(revocations: Revocations, ids: Iterable[UUID]) -> None:
    """End the access tokens of sessions that ended."""
    await asyncio.gather(*(revocations.revoke(each, REVOKED_SECONDS) for each in ids))


async def limit_role(revocations: Revocations, admin_id: UUID, role: Role) -> None:
    """End the access tokens of an admin that claim more than ``role``."""
    await revocations.limit_role(admin_id, role, REVOKED_SECONDS)


async def is_live(session: db.Session, session_id: UUID) -> bool:
    return await db.exists(
        session,
        "SELECT 1 FROM sessions WHERE id = :id AND ended_at IS NULL AND expires_at > :now",
        {"id": session_id, "now": clock.now()},
    )


async def prune(session: AsyncSession) -> int:
    """Delete tokens that are too old to renew anything; returns how many."""
    return await db.run(
        session,
        "DELETE FROM refresh_tokens WHERE issued_at <= :before",
        {"before": clock.now() - LIFETIME},
    )


async def prune_sessions(session: AsyncSession) -> int:
    """Delete sessions that expired a month ago, of all churches; returns how many. For a
    transaction without a church, where the policy ``old`` shows only these."""
    return await db.run(
        session, "DELETE FROM sessions WHERE expires_at < now() - interval '30 days'"
    )


class _Extended(NamedTuple):
    admin_id: UUID
    csrf_id: str | None


async def _extended(session: AsyncSession, session_id: UUID, place: Place) -> _Extended | None:
    """Move the session's expiry, ``LONGEST`` after it began at most. The row stays locked: two
    renewals come one after the other."""
    now = clock.now()
    return await db.first(
        session,
        _Extended,
        """
        UPDATE sessions
           SET expires_at = least(:expires_at, created_at + CAST(:longest AS interval)),
               renewed_at = :now, user_agent = :user_agent, network = :network
         WHERE id = :id AND ended_at IS NULL AND expires_at > :now
               AND created_at + CAST(:longest AS interval) > :now
        RETURNING admin_id, csrf_id
        """,
        {
            "id": session_id,
            "now": now,
            "expires_at": now + LIFETIME,
            "longest": LONGEST,
            "user_agent": place.user_agent,
            "network": place.network,
        },
    )


class _Following(NamedTuple):
    refresh_token: str
    issued_at: datetime


async def _exchanged(session: AsyncSession, macs: Macs, token: str) -> _Following | None:
    """Use up ``token`` and issue its successor; None when it was used before."""
    following = _Following(_successors(macs, token)[0], clock.now())
    issued = await db.run(
        session,
        """
        WITH used AS (
            UPDATE refresh_tokens SET used_at = :now, replaced_by = :following
             WHERE token_hash = :token_hash AND used_at IS NULL
            RETURNING church_id, session_id
        )
        INSERT INTO refresh_tokens (token_hash, church_id, session_id, issued_at)
        SELECT :following, church_id, session_id, :now FROM used
        """,
        {
            "now": following.issued_at,
            "token_hash": secret_tokens.digest(token),
            "following": secret_tokens.digest(following.refresh_token),
        },
    )
    return following if issued == 1 else None


class _Use(NamedTuple):
    used_at: datetime | None
    replaced_by: bytes | None


async def _recent(session: AsyncSession, macs: Macs, token: str) -> _Following | None:
    """The token that ``token`` was exchanged for within ``GRACE``, or, where that was exchanged
    too, the newest of them; None when it was used earlier."""
    following = None
    while use := await _last_use(session, token):
        if use.used_at is None:
            return following
        known = [
            each
            for each in _successors(macs, token)
            if secret_tokens.digest(each) == use.replaced_by
        ]
        if use.used_at <= clock.now() - GRACE or not known:
            return None
        token, following = known[0], _Following(known[0], use.used_at)
    return None


async def _last_use(session: AsyncSession, token: str) -> _Use | None:
    return await db.first(
        session,
        _Use,
        "SELECT used_at, replaced_by FROM refresh_tokens WHERE token_hash = :token_hash",
        {"token_hash": secret_tokens.digest(token)},
    )


def _successors(macs: Macs, token: str) -> list[str]:
    """What ``token`` is exchanged for, and what it was exchanged for under an earlier key."""
    digests = macs.digests(Purpose.REFRESH, token.encode("utf-8", "replace"))
    return [base64.urlsafe_b64encode(digest).rstrip(b"=").decode() for digest in digests]
