"""A forgotten password: asked for by address, chosen anew by the link in a mail.

Whoever asks gets one answer in one time, because nothing is looked up while they wait: the request
is a row, and the worker finds out whether there is such an account.
"""

from datetime import datetime, timedelta
from math import ceil
from typing import NamedTuple
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.auth import accounts, attempts, audit, sessions
from koinonia.auth.audit import Action
from koinonia.auth.errors import TooManyResets
from koinonia.auth.mailing.kinds import Kind
from koinonia.auth.recovery import addresses, letters, links, password_change
from koinonia.auth.recovery.links import Purpose
from koinonia.auth.running import Running
from koinonia.common import clock, db
from koinonia.common.crypto import KeyRing

HOUR = timedelta(hours=1)
AN_HOUR = 3  # requests for one address
AT_ONCE = 50
PAGE = "reset-password"

log = structlog.get_logger()


class _Request(NamedTuple):
    id: UUID
    sealed: bytes
    asked_from: str | None


class _Asked(NamedTuple):
    times: int
    first_at: datetime | None


async def request(running: Running, email: str, client_address: str | None) -> None:
    """Take down that somebody forgot their password. Raises ``TooManyResets``, for an address
    without an account too."""
    account = attempts.account_digest(running.macs, email)
    async with running.database.transaction() as session:
        await _check_rate(session, account, clock.now())
        await add_request(session, running.ring, account, email, client_address)


async def add_request(
    session: AsyncSession, ring: KeyRing, account: bytes, email: str, client_address: str | None
) -> None:
    """``account`` is the digest of the address; the worker mails the link."""
    request_id = db.uuid7()
    await db.run(
        session,
        """
        INSERT INTO reset_requests (id, account, sealed, asked_from, asked_at)
        VALUES (:id, :account, :sealed, :address, :now)
        """,
        {
            "id": request_id,
            "account": account,
            "sealed": ring.seal(email.encode(), request_id.bytes),
            "address": client_address,
            "now": clock.now(),
        },
    )


async def answer_requests(running: Running) -> None:
    """Mail a link to everybody who has an account and asked."""
    while found := await _answer_some(running):
        log.info("password_resets.answered", requests=found)


async def reset(running: Running, token: str, password: str, client_address: str | None) -> None:
    """Choose a new password by the link of a mail, which proves the address too; every session
    ends. Raises ``LinkInvalid`` and ``WeakPassword``, which leaves the link good."""
    async with running.database.transaction() as session:
        admin_id = await links.owner(session, token, Purpose.RESET)
        password_change.check_strength(password, await accounts.enabled(session, admin_id))
    password_hash = await running.passwords.hashed(password)
    async with running.database.transaction() as session:
        await links.owner(session, token, Purpose.RESET)
        account = await accounts.lock(session, admin_id)
        await links.use(session, token)
        await addresses.record_proof(session, account)
        ended = await password_change.store(session, running, account, password_hash)
        await attempts.forget(session, attempts.account_digest(running.macs, account.email))
        await audit.record(
            session, Action.PASSWORD_RESET, account.church_id, account.admin_id, client_address
        )
    await sessions.revoke(running.revocations, ended)


async def prune(session: AsyncSession) -> int:
    """Delete requests that count no more (ix_reset_requests_asked_at); returns how many."""
    return await db.run(
        session,
        "DELETE FROM reset_requests WHERE asked_at < :before",
        {"before": clock.now() - HOUR},
    )


async def _check_rate(session: AsyncSession, account: bytes, now: datetime) -> None:
    # Two requests for one address at the same moment are counted one after the other.
    await db.run(
        session,
        "SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))",
        {"key": f"reset:{account.hex()}"},
    )
    [asked] = await db.rows(
        session,
        _Asked,
        """
        SELECT count(*) AS times, min(asked_at) AS first_at FROM reset_requests
         WHERE account = :account AND asked_at > :since
        """,
        {"account": account, "since": now - HOUR},
    )
    if asked.times >= AN_HOUR and asked.first_at:
        raise TooManyResets(max(1, ceil((asked.first_at + HOUR - now).total_seconds())))


async def _answer_some(running: Running) -> int:
    """One transaction: whoever dies in it answers again, and one link replaces the other."""
    async with running.database.transaction() as session:
        found = await db.rows(
            session,
            _Request,
            """
            SELECT id, sealed, asked_from FROM reset_requests WHERE sealed IS NOT NULL
             ORDER BY asked_at LIMIT :most FOR UPDATE SKIP LOCKED
            """,
            {"most": AT_ONCE},
        )
        if not found:  # nearly always: this is looked at each second
            return 0
        for each in found:
            await _answer(session, running, each)
        await db.run(
            session,
            "UPDATE reset_requests SET sealed = NULL WHERE id = ANY(CAST(:ids AS uuid[]))",
            {"ids": [each.id for each in found]},
        )
    return len(found)


async def _answer(session: AsyncSession, running: Running, asked: _Request) -> None:
    email = running.ring.open(asked.sealed, asked.id.bytes).decode()
    account = await accounts.by_email(session, email)
    if account is None or account.disabled_at:
        return
    token = await links.create(session, account, Purpose.RESET)
    await letters.post(session, running, Kind.PASSWORD_RESET, account, page=f"{PAGE}#{token}")
    await audit.record(
        session,
        Action.PASSWORD_FORGOTTEN,
        account.church_id,
        account.admin_id,
        asked.asked_from,
    )
