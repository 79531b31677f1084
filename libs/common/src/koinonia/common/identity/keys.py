"""The public keys of access tokens, fetched from their issuer and kept.

A known key is always answered at once; when the ring is older than five minutes, a request starts
a refresh and does not wait for it. An unknown key id makes a request wait for one refresh, shared
by all who ask meanwhile. Forged ids cannot hammer the issuer: the next try is ``pause`` seconds
later. When it is away the known keys go on working.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence

import jwt
import structlog

from koinonia.common.errors import Unavailable

log = structlog.get_logger("koinonia.identity")

Jwks = Mapping[str, Sequence[dict[str, str]]]
"""``{"keys": [...]}``, each key as RFC 7517 writes it."""

FetchJwks = Callable[[], Awaitable[Jwks]]
NEVER = float("-inf")
EMPTY_RING_PAUSE = 1.0  # seconds; without any key nobody can work, so try sooner


class KeysUnavailable(Unavailable):
    code = "KEYS_UNAVAILABLE"
    message = "Your sign-in cannot be checked right now. Try again in a moment."


class KeyRing:
    """Keys by their id. ``pause`` and ``max_age`` are seconds."""

    def __init__(self, fetch: FetchJwks, *, pause: float = 5.0, max_age: float = 300.0) -> None:
        self._fetch = fetch
        self._pause = pause
        self._max_age = max_age
        self._keys: dict[str, jwt.PyJWK] = {}
        self._tried_at = NEVER
        self._refreshing: asyncio.Task[None] | None = None
        self._failed = False

    async def find(self, kid: str) -> jwt.PyJWK | None:
        """The key, None if it is unknown; ``KeysUnavailable`` if the issuer was not reached."""
        if key := self._keys.get(kid):
            if self._age() > (self._pause if self._failed else self._max_age):
                self._refresh()
            return key
        pause = self._pause if self._keys else min(EMPTY_RING_PAUSE, self._pause)
        if self._refreshing is not None or self._age() >= pause:
            await asyncio.shield(self._refresh())
        if kid not in self._keys and self._failed:
            raise KeysUnavailable
        return self._keys.get(kid)

    async def close(self) -> None:
        """End a refresh that is under way."""
        if self._refreshing is not None:
            self._refreshing.cancel()
            await asyncio.wait([self._refreshing])

    def _age(self) -> float:
        return time.monotonic() - self._tried_at

    def _refresh(self) -> asyncio.Task[None]:
        if self._refreshing is None:
            self._tried_at = time.monotonic()
            self._refreshing = asyncio.create_task(self._fetched(), name="jwks-refresh")
        return self._refreshing

    async def _fetched(self) -> None:
        try:
            self._keys = _usable(await self._fetch())
            self._failed = False
        except Exception as error:
            self._failed = True
            log.warning("jwks.unavailable", error=type(error).__name__)
        finally:
            self._refreshing = None


def _usable(jwks: Jwks) -> dict[str, jwt.PyJWK]:
    entries = [entry for entry in jwks["keys"] if entry.get("crv") == "Ed25519"]
    return {entry["kid"]: jwt.PyJWK.from_dict(entry, algorithm="EdDSA") for entry in entries}
