"""A key is exchanged for a short token, which every service verifies as it does a person's."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.auth.api_keys.errors import ApiKeyInvalid
from koinonia.auth.macs import Macs, Purpose
from koinonia.common import clock, db
from koinonia.common.identity import (
    Identity,
    KeyGrant,
    Role,
    TokenSigner,
    api_keys,
    expiry,
    permissions,
)


@dataclass(frozen=True, slots=True)
class Exchanged:
    """The access token of a key, good until then."""

    token: str = field(repr=False)
    expires_at: datetime


class _Known(NamedTuple):
    """Whose key it is, good or not."""

    key_id: UUID
    church_id: UUID


class _Good(NamedTuple):
    id: UUID
    church_id: UUID
    name: str
    permissions: list[str]
    expires_at: datetime


async def exchange(
    session: AsyncSession, macs: Macs, signer: TokenSigner, secret: str
) -> Exchanged:
    """The token of a key, which is noted as used. Raises ``ApiKeyInvalid``."""
    if not api_keys.is_whole(secret):
        raise ApiKeyInvalid
    known = await db.first(
        session,
        _Known,
        """
        SELECT key_id, church_id FROM api_key_digests
         WHERE digest = ANY(CAST(:digests AS bytea[]))
        """,
        {"digests": macs.digests(Purpose.API_KEY, secret.encode())},
    )
    if known is None:
        raise ApiKeyInvalid
    await db.enter_church(session, known.church_id)
    key = await _used(session, known.key_id)
    if key is None:
        raise ApiKeyInvalid
    until = min(expiry(clock.now()), key.expires_at.replace(microsecond=0))
    identity = Identity(
        admin_id=key.id,
        church_id=key.church_id,
        role=lowest_role(key.permissions),
        session_id=key.id,
        expires_at=until,
        key=KeyGrant(key.name, frozenset(key.permissions)),
    )
    return Exchanged(signer.sign(identity), until)


def lowest_role(granted: list[str]) -> Role:
    """The lowest role that has them all."""
    needed = [permissions.lowest_role(each) for each in granted]
    return max(needed, key=lambda role: sum(role.includes(each) for each in Role))


async def _used(session: AsyncSession, key_id: UUID) -> _Good | None:
    return await db.first(
        session,
        _Good,
        """
        UPDATE api_keys SET last_used_at = :now
         WHERE id = :id AND removed_at IS NULL AND expires_at > :now
        RETURNING id, church_id, name, permissions, expires_at
        """,
        {"id": key_id, "now": clock.now()},
    )
