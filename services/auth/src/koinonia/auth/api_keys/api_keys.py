"""API keys of a church.

A key is shown once. What is kept is a keyed digest, so that a copy of the table opens nothing. It
may no more than who made it, and acts as itself from then on, whatever becomes of its maker.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.auth import permission_list
from koinonia.auth.accounts import Account
from koinonia.auth.api_keys.errors import NoSuchApiKey, NotYoursToGive, TooManyApiKeys
from koinonia.auth.macs import Macs, Purpose
from koinonia.auth.permission_list import Permission
from koinonia.common import clock, db
from koinonia.common.identity import Role, api_keys, permissions
from koinonia.common.pagination import Page, PageParams

MOST = 20  # of one church, that are good
HINT = 4  # last characters, which its owner tells it by

_ORDER = db.Order({"created_at": datetime, "id": UUID}, descending=True)
_COLUMNS = """id, name, permissions, hint, created_by, created_at, expires_at, last_used_at"""
_GOOD = "removed_at IS NULL AND expires_at > :now"


class ApiKey(NamedTuple):
    """A key that was not removed; it may have expired."""

    id: UUID
    name: str
    permissions: list[str]
    hint: str
    created_by: UUID
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Made:
    """A new key, with what cannot be read again."""

    key: ApiKey
    secret: str = field(repr=False)


async def page(session: db.Session, params: PageParams) -> Page[ApiKey]:
    """Those that were not removed, the latest first."""
    return await db.page(
        session,
        ApiKey,
        f"SELECT {_COLUMNS} FROM api_keys WHERE removed_at IS NULL",
        {},
        params,
        _ORDER,
        counted="SELECT count(*) FROM api_keys WHERE removed_at IS NULL",
    )


async def create(
    session: AsyncSession,
    macs: Macs,
    actor: Account,
    name: str,
    given: Sequence[Permission],
    lifetime: timedelta,
) -> Made:
    """Make a key. The church must be locked; raises ``NotYoursToGive`` and ``TooManyApiKeys``."""
    check_grant(Role(actor.role), given)
    now = clock.now()
    good = await db.count(session, f"SELECT count(*) FROM api_keys WHERE {_GOOD}", {"now": now})
    if good >= MOST:
        raise TooManyApiKeys
    secret = api_keys.generate()
    made = await db.one(
        session,
        ApiKey,
        f"""
        WITH made AS (
            INSERT INTO api_keys (id, church_id, name, permissions, hint, created_by, created_at,
                                  expires_at)
            VALUES (:id, :church, :name, CAST(:permissions AS text[]), :hint, :by, :now,
                    :expires_at)
            RETURNING *
        ), known AS (
            INSERT INTO api_key_digests (digest, key_id, church_id)
            SELECT :digest, id, church_id FROM made
        )
        SELECT {_COLUMNS} FROM made
        """,
        {
            "id": db.uuid7(),
            "church": actor.church_id,
            "name": name,
            "permissions": sorted(with_lower(given)),
            "hint": secret[-HINT:],
            "by": actor.admin_id,
            "now": now,
            "expires_at": now + lifetime,
            "digest": macs.digest(Purpose.API_KEY, secret.encode()),
        },
        missing=NoSuchApiKey,
    )
    return Made(made, secret)


async def remove(session: AsyncSession, key_id: UUID) -> None:
    """Raises ``NoSuchApiKey``, also for one that was removed before."""
    removed = await db.run(
        session,
        """
        WITH removed AS (
            UPDATE api_keys SET removed_at = :now WHERE id = :id AND removed_at IS NULL
            RETURNING id
        ), forgotten AS (
            DELETE FROM api_key_digests USING removed WHERE key_id = removed.id
        )
        SELECT id FROM removed
        """,
        {"id": key_id, "now": clock.now()},
    )
    if not removed:
        raise NoSuchApiKey


def check_grant(role: Role, given: Collection[Permission]) -> None:
    """Nobody gives a key more than they have, nor what only a person may. Raises
    ``NotYoursToGive``."""
    refused = sorted(set(given) - set(grantable(role)))
    if refused:
        raise NotYoursToGive(refused)


def with_lower(given: Collection[Permission]) -> set[Permission]:
    """Who may change people may see them: each with those of the same subject and a lower role."""
    return {
        each
        for each in Permission
        for one in given
        if each.partition(".")[0] == one.partition(".")[0]
        and permissions.lowest_role(one).includes(permissions.lowest_role(each))
    }


def grantable(role: Role) -> list[Permission]:
    """What somebody of this role may give a key."""
    return [each for each in permission_list.granted(role) if each not in OF_PEOPLE]


OF_PEOPLE = frozenset(
    (
        Permission.AUTH_OWN,
        Permission.AUTH_READ,  # one's own account and sessions
        Permission.KEYS_MANAGE,  # a stolen key would make itself another
        Permission.MESSAGES_OWN,  # an emergency takes a person's word
        Permission.TEAM_MANAGE,
    )
)
"""Permissions that no key has."""


async def prune(session: AsyncSession) -> int:
    """Forget keys that expired a year ago, of all churches; returns how many. For a transaction
    without a church, where the policy ``old`` shows only these."""
    return await db.run(
        session, "DELETE FROM api_keys WHERE expires_at < now() - interval '365 days'"
    )
