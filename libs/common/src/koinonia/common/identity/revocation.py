"""Sessions that ended before their access token did, kept in Redis.

Redis holds only what may vanish, so when it is away no session counts as ended here. Who must know
then keeps a copy of its own from the events of the issuer; refreshing fails regardless, because
that asks the issuer's own table.
"""

import time
from collections.abc import Collection
from uuid import UUID

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from koinonia.common.identity.model import Role

log = structlog.get_logger("koinonia.identity")

TIMEOUT = 0.5  # seconds for any call
REST = 1.0  # seconds without a further try after Redis failed, so that requests do not queue up


class Revocations:
    """The list of ended sessions. ``redis`` is a URL or a client; a URL's client is closed here."""

    def __init__(self, redis: "str | Redis") -> None:
        self._owned = isinstance(redis, str)
        self._redis = _client(redis) if isinstance(redis, str) else redis
        self._resting_until = 0.0

    async def revoke(self, session_id: UUID, for_seconds: int) -> None:
        """End the session at once; remember it as long as its last token may live."""
        try:
            await self._redis.set(key(session_id), b"1", ex=max(1, for_seconds))
        except (RedisError, OSError) as error:
            log.warning("session.revocation_lost", error=type(error).__name__)

    async def limit_role(self, admin_id: UUID, role: Role, for_seconds: int) -> None:
        """End the access tokens of an admin that claim more than ``role``, at once. Their sessions
        go on: a renewal gives a token of the new role. Say so after every change of a role, also
        to a higher one, or an earlier mark stands in its way."""
        try:
            await self._redis.set(role_key(admin_id), role.value, ex=max(1, for_seconds))
        except (RedisError, OSError) as error:
            log.warning("session.revocation_lost", error=type(error).__name__)

    async def roles(self, admin_ids: Collection[UUID]) -> dict[UUID, Role]:
        """The present roles of those of them whose role changed lately; none while Redis is
        away."""
        asked = list(admin_ids)
        marks = await self._marks([role_key(admin_id) for admin_id in asked])
        known = zip(asked, marks, strict=False)
        return {admin_id: Role(_text(mark)) for admin_id, mark in known if mark}

    async def is_revoked(self, session_id: UUID) -> bool:
        """Whether the session was ended; False while Redis is away."""
        if time.monotonic() < self._resting_until:
            return False
        try:
            return bool(await self._redis.exists(key(session_id)))
        except (RedisError, OSError) as error:
            self._resting_until = time.monotonic() + REST
            log.warning("session.revocation_unknown", error=type(error).__name__)
            return False

    async def ended(self, session_ids: Collection[UUID]) -> set[UUID]:
        """Those of them that were ended, by one call; none while Redis is away."""
        asked = list(session_ids)
        marks = await self._marks([key(session_id) for session_id in asked])
        return {session_id for session_id, mark in zip(asked, marks, strict=False) if mark}

    async def _marks(self, keys: list[str]) -> list[bytes | str | None]:
        """What stands under ``keys``, by one call; nothing while Redis is away."""
        if not keys or time.monotonic() < self._resting_until:
            return []
        try:
            return await self._redis.mget(keys)
        except (RedisError, OSError) as error:
            self._resting_until = time.monotonic() + REST
            log.warning("session.revocation_unknown", error=type(error).__name__)
            return []

    async def close(self) -> None:
        """Close the connections, if they are ours."""
        if self._owned:
            await self._redis.aclose()


def _client(url: str) -> Redis:
    return Redis.from_url(url, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT)


def key(session_id: UUID) -> str:
    """Where Redis keeps that a session ended; for who asks Redis for several things at once."""
    return f"koinonia:revoked:{session_id}"


def role_key(admin_id: UUID) -> str:
    """Where Redis keeps the role of an admin whose role changed within the life of a token."""
    return f"koinonia:role:{admin_id}"


def _text(mark: bytes | str) -> str:
    return mark.decode() if isinstance(mark, bytes) else mark
