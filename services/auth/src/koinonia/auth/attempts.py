"""Attempts to sign in to one account, from wherever they come.

The gateway limits each address, and many addresses could guess at one account. After ``FREE``
attempts each further one has to wait, twice as long each time and ``LONGEST`` at most, so nobody is
shut out for long. A device that signed in to this account before never waits: it has a cookie that
proves it.

An address is kept as a keyed digest, whether it has an account or not.
"""

import base64
import hmac
from datetime import datetime, timedelta
from math import ceil
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.auth.errors import TooManyAttempts
from koinonia.auth.macs import Macs, Purpose
from koinonia.common import clock, db

FREE = 10
FIRST_PAUSE = timedelta(seconds=30)
LONGEST = timedelta(minutes=15)
FORGOTTEN = timedelta(days=1)
DEVICE_LIFETIME = timedelta(days=180)
_MOST_DOUBLINGS = 10  # far beyond LONGEST; keeps the power small


async def begin(session: AsyncSession, account: bytes, *, known_device: bool) -> int:
    """Count an attempt before its password is looked at, so that many at once are many; returns
    how many there were since the last success. Raises ``TooManyAttempts`` while one has to wait."""
    now = clock.now()
    attempts = await db.value(
        session,
        int,
        """
        INSERT INTO sign_in_attempts AS known (account, attempts, last_at, waits_until)
        VALUES (:account, 1, :now, :forgotten)
        ON CONFLICT (account) DO UPDATE
           SET attempts = CASE WHEN known.last_at < :forgotten THEN 1 ELSE known.attempts + 1 END,
               last_at = :now,
               waits_until = CASE
                   WHEN known.last_at < :forgotten OR known.attempts + 1 < :free
                   THEN :forgotten
                   ELSE :now + least(CAST(:longest AS interval), CAST(:first AS interval)
                        * power(2, least(known.attempts + 1 - :free, :doublings)))
               END
         WHERE known.waits_until <= :now OR :known_device
        RETURNING attempts
        """,
        {
            "account": account,
            "now": now,
            "forgotten": now - FORGOTTEN,
            "free": FREE,
            "first": FIRST_PAUSE,
            "longest": LONGEST,
            "doublings": _MOST_DOUBLINGS,
            "known_device": known_device,
        },
    )
    if attempts is None:
        raise TooManyAttempts(await _seconds_left(session, account))
    return attempts


async def forget(session: AsyncSession, account: bytes) -> None:
    """Begin anew: somebody knew the password."""
    await db.run(
        session, "DELETE FROM sign_in_attempts WHERE account = :account", {"account": account}
    )


async def prune(session: AsyncSession) -> int:
    """Delete what does not count any more; returns how many."""
    return await db.run(
        session,
        "DELETE FROM sign_in_attempts WHERE last_at < :before",
        {"before": clock.now() - FORGOTTEN},
    )


def account_digest(macs: Macs, email: str) -> bytes:
    return macs.digest(Purpose.ACCOUNT, email.encode())


def code_digest(macs: Macs, admin_id: UUID) -> bytes:
    """Codes are counted apart from passwords: who knows the password must not begin anew."""
    return macs.digest(Purpose.CODE, admin_id.bytes)


def device_token(macs: Macs, email: str) -> str:
    """What a device keeps that signed in to the account of ``email``."""
    expires = str(int((clock.now() + DEVICE_LIFETIME).timestamp()))
    return f"{expires}.{_proofs(macs, email, expires)[0]}"


def knows(macs: Macs, token: str | None, email: str) -> bool:
    """Whether ``token`` was given to a device that signed in to this account."""
    expires, _, proof = (token or "").partition(".")
    if not (expires.isascii() and expires.isdigit() and len(expires) <= 12):
        return False
    if int(expires) <= clock.now().timestamp():
        return False
    shown = proof.encode("utf-8", "replace")
    return any(hmac.compare_digest(shown, p.encode()) for p in _proofs(macs, email, expires))


def _proofs(macs: Macs, email: str, expires: str) -> list[str]:
    digests = macs.digests(Purpose.DEVICE, f"{expires} {email}".encode())
    return [base64.urlsafe_b64encode(digest).rstrip(b"=").decode() for digest in digests]


async def _seconds_left(session: AsyncSession, account: bytes) -> int:
    until = await db.value(
        session,
        datetime,
        "SELECT waits_until FROM sign_in_attempts WHERE account = :account",
        {"account": account},
    )
    return max(1, ceil((until - clock.now()).total_seconds())) if until else 1
