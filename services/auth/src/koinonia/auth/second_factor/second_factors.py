"""Second factors: a code of an authenticator app (TOTP, RFC 6238), or one of ten recovery codes.

The secret is sealed. A code is taken once: the step of time that it was made for is kept, and no
code of that step or an earlier one counts any more. Recovery codes are 80 random bits each, kept as
digests and shown once.
"""

import base64
import hmac
import secrets
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import pyotp
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.auth import secret_tokens
from koinonia.auth.accounts import Account
from koinonia.auth.errors import NoSecondFactor, SecondFactorExists, WrongCode
from koinonia.common import clock, db
from koinonia.common.crypto import KeyRing

ISSUER = "Koinonia"
STEP = timedelta(seconds=30)
LATE = 1  # steps; a clock may be so far off, either way
RECOVERY_CODES = 10
RESEALED_AT_ONCE = 200
_RECOVERY_BYTES = 10


class State(NamedTuple):
    """The second factor of somebody. ``since`` is None until its first code was shown."""

    since: datetime | None
    codes_left: int


class _Factor(NamedTuple):
    admin_id: UUID
    sealed: bytes


OFF = State(None, 0)


async def state(session: db.Session, admin_id: UUID) -> State:
    """Whether and since when they have one, and how many recovery codes are left."""
    found = await db.first(
        session,
        State,
        """
        SELECT confirmed_at AS since, cardinality(recovery_digests) AS codes_left
          FROM second_factors WHERE admin_id = :admin
        """,
        {"admin": admin_id},
    )
    return found or OFF


async def is_on(session: db.Session, admin_id: UUID) -> bool:
    return (await state(session, admin_id)).since is not None


async def begin(session: AsyncSession, ring: KeyRing, account: Account) -> str:
    """A new secret in base32, which counts once a code of it was shown. It replaces one whose code
    never was. Raises ``SecondFactorExists``."""
    secret = pyotp.random_base32()
    begun = await db.run(
        session,
        """
        INSERT INTO second_factors AS known (church_id, admin_id, sealed, created_at)
        VALUES (:church, :admin, :sealed, :now)
        ON CONFLICT (church_id, admin_id) DO UPDATE
           SET sealed = excluded.sealed, created_at = excluded.created_at, last_step = 0
         WHERE known.confirmed_at IS NULL
        """,
        {
            "church": account.church_id,
            "admin": account.admin_id,
            "sealed": ring.seal(secret.encode(), account.admin_id.bytes),
            "now": clock.now(),
        },
    )
    if not begun:
        raise SecondFactorExists
    return secret


def uri(secret: str, account: Account) -> str:
    """What an authenticator app reads from the picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=account.email, issuer_name=ISSUER)


async def confirm(session: AsyncSession, ring: KeyRing, account: Account, code: str) -> list[str]:
    """Turn it on by its first code; returns the recovery codes, which cannot be read again. Raises
    ``WrongCode``, ``NoSecondFactor`` where none was begun, ``SecondFactorExists``."""
    if await is_on(session, account.admin_id):
        raise SecondFactorExists
    if not await _take_code(session, ring, account, code):
        raise WrongCode
    await db.run(
        session,
        "UPDATE second_factors SET confirmed_at = :now WHERE admin_id = :admin",
        {"admin": account.admin_id, "now": clock.now()},
    )
    return await renew_recovery_codes(session, account)


async def take(session: AsyncSession, ring: KeyRing, account: Account, code: str) -> bool:
    """Whether ``code`` is theirs and was not taken before: that of the app, or a recovery code,
    which is used up. Raises ``NoSecondFactor``."""
    written = "".join(code.split()).replace("-", "").upper()
    if written.isascii() and written.isdigit():
        return await _take_code(session, ring, account, written)
    used = await db.run(
        session,
        """
        UPDATE second_factors SET recovery_digests = array_remove(recovery_digests, :digest)
         WHERE admin_id = :admin AND confirmed_at IS NOT NULL AND :digest = ANY(recovery_digests)
        """,
        {"admin": account.admin_id, "digest": secret_tokens.digest(written)},
    )
    return used == 1


async def renew_recovery_codes(session: AsyncSession, account: Account) -> list[str]:
    """Ten new ones; the earlier ones work no more."""
    codes = [
        base64.b32encode(secrets.token_bytes(_RECOVERY_BYTES)).decode()
        for _ in range(RECOVERY_CODES)
    ]
    await db.run(
        session,
        """
        UPDATE second_factors SET recovery_digests = CAST(:digests AS bytea[])
         WHERE admin_id = :admin
        """,
        {
            "admin": account.admin_id,
            "digests": [secret_tokens.digest(code) for code in codes],
        },
    )
    return [_grouped(code) for code in codes]


async def remove(session: AsyncSession, account: Account) -> None:
    await db.run(
        session,
        "DELETE FROM second_factors WHERE admin_id = :admin",
        {"admin": account.admin_id},
    )


async def without(session: AsyncSession) -> list[UUID]:
    """Those of the session's church who may sign in and have none."""
    return await db.values(
        session,
        UUID,
        """
        SELECT id FROM admins WHERE disabled_at IS NULL AND id NOT IN
               (SELECT admin_id FROM second_factors
                 WHERE church_id = admins.church_id AND confirmed_at IS NOT NULL)
        """,
        {},
    )


async def reseal(session: AsyncSession, ring: KeyRing) -> int:
    """Seal some of those anew that an earlier key of the ring sealed, so that it can be removed;
    returns how many."""
    found = await db.rows(
        session,
        _Factor,
        """
        SELECT admin_id, sealed FROM second_factors
         WHERE substring(sealed FROM 3 FOR get_byte(sealed, 1)) <> :key_id
         LIMIT :most FOR UPDATE SKIP LOCKED
        """,
        {"key_id": ring.current_id.encode(), "most": RESEALED_AT_ONCE},
    )
    for each in found:
        context = each.admin_id.bytes
        await db.run(
            session,
            "UPDATE second_factors SET sealed = :sealed WHERE admin_id = :admin",
            {"admin": each.admin_id, "sealed": ring.seal(ring.open(each.sealed, context), context)},
        )
    return len(found)


async def _take_code(session: AsyncSession, ring: KeyRing, account: Account, code: str) -> bool:
    sealed = await db.value(
        session,
        bytes,
        "SELECT sealed FROM second_factors WHERE admin_id = :admin FOR UPDATE",
        {"admin": account.admin_id},
    )
    if sealed is None:
        raise NoSecondFactor
    step = _step(ring.open(sealed, account.admin_id.bytes).decode(), code)
    if step is None:
        return False
    taken = await db.run(
        session,
        "UPDATE second_factors SET last_step = :step WHERE admin_id = :admin AND last_step < :step",
        {"admin": account.admin_id, "step": step},
    )
    return taken == 1


def _step(secret: str, code: str) -> int | None:
    """The step of time that ``code`` was made for, of now and those beside it."""
    totp, now = pyotp.TOTP(secret), int(clock.now().timestamp() // STEP.total_seconds())
    shown = "".join(code.split()).encode("utf-8", "replace")
    steps = range(now - LATE, now + LATE + 1)
    found = [each for each in steps if hmac.compare_digest(totp.generate_otp(each).encode(), shown)]
    return found[-1] if found else None


def _grouped(code: str) -> str:
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))
