"""The keys that sign access tokens: made, published, used, retired.

A key is published an hour before it signs and for an hour after its last signature, so that
every verifier knows it whenever it meets it. Exactly one key signs at any moment: the one that
was activated and whose successor was not.
"""

import asyncio
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db, errors
from koinonia.common.crypto import KeyRing
from koinonia.common.identity import TokenSigner, jwk

log = structlog.get_logger()

NOTICE = timedelta(hours=1)  # longer than any verifier keeps the JWKS, and than a token lives
REMEMBERED = timedelta(minutes=1)  # far below NOTICE, so a change is known before it matters


@dataclass(frozen=True, slots=True)
class Key:
    """A row of ``signing_keys``; ``private_key`` is sealed."""

    kid: str
    public_key: bytes
    private_key: bytes
    activates_at: datetime
    retires_at: datetime | None

    def signs(self, at: datetime) -> bool:
        return self.activates_at <= at and (self.retires_at is None or at < self.retires_at)

    def published(self, at: datetime) -> bool:
        return self.retires_at is None or at < self.retires_at + NOTICE


class SuccessorWaits(errors.Conflict):
    code = "SUCCESSOR_WAITS"
    message = "The next key is made already and begins to sign within the hour. Wait until it does."


class Keys:
    """The table ``signing_keys``, remembered for a minute. ``period`` is how long a key signs."""

    def __init__(self, database: db.Database, ring: KeyRing, period: timedelta) -> None:
        self._database = database
        self._ring = ring
        self._period = period
        self._known: list[Key] = []
        self._signers: dict[str, TokenSigner] = {}
        self._read_at = datetime.min.replace(tzinfo=clock.now().tzinfo)
        self._reading = asyncio.Lock()

    async def signer(self) -> TokenSigner:
        """The signer of now; the first key is made when it is first needed."""
        keys, now = await self._current(), clock.now()
        key = next(key for key in keys if key.signs(now))
        if key.kid not in self._signers:
            self._signers = {key.kid: TokenSigner(self._opened(key), key.kid)}
        return self._signers[key.kid]

    async def jwks(self) -> dict[str, list[dict[str, str]]]:
        """The public keys, as other services fetch them."""
        now = clock.now()
        return {
            "keys": [
                jwk(Ed25519PublicKey.from_public_bytes(key.public_key), key.kid)
                for key in await self._current()
                if key.published(now)
            ]
        }

    async def rotate(self) -> None:
        """Make the next key when it is due, and delete those that verify nothing any more."""
        now = clock.now()
        async with self._database.transaction() as session:
            await db.run(session, "SELECT pg_advisory_xact_lock(hashtext('auth signing keys'))")
            newest = await _newest(session)
            if newest is None:
                await self._add(session, now, activates_at=now)
            elif newest.activates_at + self._period <= now + NOTICE:
                activates_at = max(now + NOTICE, newest.activates_at + self._period)
                await _retire(session, newest.kid, activates_at)
                await self._add(session, now, activates_at)
            await db.run(
                session,
                "DELETE FROM signing_keys WHERE retires_at <= :before",
                {"before": now - NOTICE},
            )

    async def replace(self) -> Key:
        """Make the next key now, however young the present one is; it signs in an hour, when
        every verifier knows it. Raises :class:`SuccessorWaits` where there is one already."""
        now = clock.now()
        async with self._database.transaction() as session:
            await db.run(session, "SELECT pg_advisory_xact_lock(hashtext('auth signing keys'))")
            newest = await _newest(session)
            activates_at = now + NOTICE if newest else now
            if newest is not None:
                _check_none_waits(newest, now)
                await _retire(session, newest.kid, activates_at)
            await self._add(session, now, activates_at)
            made = await _newest(session)
        assert made is not None
        return made

    async def all(self) -> list[Key]:
        """Every key that is kept, the latest first."""
        async with self._database.transaction() as session:
            return await db.rows(
                session, Key, f"SELECT {COLUMNS} FROM signing_keys ORDER BY activates_at DESC"
            )

    async def _current(self) -> list[Key]:
        async with self._reading:
            if not self._fresh():
                self._known = await self._read()
            if not any(key.signs(clock.now()) for key in self._known):
                await self.rotate()
                self._known = await self._read()
        return self._known

    def _fresh(self) -> bool:
        return clock.now() - self._read_at < REMEMBERED

    async def _read(self) -> list[Key]:
        async with self._database.transaction() as session:
            found = await db.rows(session, Key, f"SELECT {COLUMNS} FROM signing_keys ORDER BY kid")
        self._read_at = clock.now()
        return found

    async def _add(self, session: AsyncSession, now: datetime, activates_at: datetime) -> None:
        private = Ed25519PrivateKey.generate()
        kid = f"{activates_at:%Y-%m-%d}-{secrets.token_hex(4)}"
        await db.run(
            session,
            """
            INSERT INTO signing_keys (kid, public_key, private_key, created_at, activates_at)
            VALUES (:kid, :public_key, :private_key, :now, :activates_at)
            """,
            {
                "kid": kid,
                "public_key": private.public_key().public_bytes_raw(),
                "private_key": self._ring.seal(private.private_bytes_raw(), kid.encode()),
                "now": now,
                "activates_at": activates_at,
            },
        )
        log.info("signing_key.made", kid=kid, activates_at=activates_at)

    def _opened(self, key: Key) -> bytes:
        return self._ring.open(key.private_key, key.kid.encode())


def _check_none_waits(newest: Key, now: datetime) -> None:
    if newest.activates_at > now:
        raise SuccessorWaits


COLUMNS = "kid, public_key, private_key, activates_at, retires_at"


async def _newest(session: AsyncSession) -> Key | None:
    return await db.first(
        session, Key, f"SELECT {COLUMNS} FROM signing_keys ORDER BY activates_at DESC LIMIT 1"
    )


async def _retire(session: AsyncSession, kid: str, at: datetime) -> None:
    await db.run(
        session, "UPDATE signing_keys SET retires_at = :at WHERE kid = :kid", {"kid": kid, "at": at}
    )
