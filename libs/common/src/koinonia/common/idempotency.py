"""One request, one effect: what an ``Idempotency-Key`` was used for.

The key is a row of the transaction that has the effect. A second request with it waits at the
primary key for the first to commit, and then finds what that one made. Each service has a table
``idempotency_keys (church_id, scope, key, request_hash, resource_id, created_at)`` of its own, with
the policy that ``migrations.old_rows`` makes.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db, errors
from koinonia.common.running import Running
from koinonia.common.schema import Schema
from koinonia.common.settings import DatabaseSettings

KEEP_DAYS = 7  # as long as the policy ``old`` of the tables hides a row
_KEY = re.compile(r"[\x21-\x7e]{1,255}")


class _Used(NamedTuple):
    request_hash: str
    resource_id: UUID


class IdempotencyKeyReused(errors.Conflict):
    code = "IDEMPOTENCY_KEY_REUSED"
    message = "This Idempotency-Key was used for another request. Use a new key for a new request."


class BadIdempotencyKey(errors.Invalid):
    code = "BAD_IDEMPOTENCY_KEY"
    message = "An Idempotency-Key is 1 to 255 visible ASCII characters; a random UUID is one."


async def claimed_before(
    session: AsyncSession,
    church_id: UUID,
    scope: str,
    key: str,
    request: Schema | Sequence[str],
    resource_id: UUID,
) -> UUID | None:
    """Note that ``key`` makes ``resource_id``; or the id of what it made before.

    ``scope`` names the route: one key may be used once in each. ``request`` is all that makes one
    request differ from another. Raises :class:`BadIdempotencyKey`, and
    :class:`IdempotencyKeyReused` where the key made something of a different request.
    """
    if not _KEY.fullmatch(key):
        raise BadIdempotencyKey
    digest = _digest(request)
    parameters = {"church": church_id, "scope": scope, "key": key, "hash": digest}
    noted = await db.run(
        session,
        """
        INSERT INTO idempotency_keys (church_id, scope, key, request_hash, resource_id)
        VALUES (:church, :scope, :key, :hash, :resource) ON CONFLICT DO NOTHING
        """,
        parameters | {"resource": resource_id},
    )
    if noted:
        return None
    earlier = await db.first(
        session,
        _Used,
        """
        SELECT request_hash, resource_id FROM idempotency_keys
         WHERE church_id = :church AND scope = :scope AND key = :key
        """,
        {"church": church_id, "scope": scope, "key": key},
    )
    if earlier is None or earlier.request_hash != digest:
        raise IdempotencyKeyReused
    return earlier.resource_id


async def prune(running: Running[DatabaseSettings]) -> None:
    """A loop's action: forget keys after a week. Row-level security shows the old ones of all
    churches to a transaction without a church (the policy ``old``), so one statement is enough."""
    async with running.database.transaction() as session:
        await db.run(
            session,
            "DELETE FROM idempotency_keys WHERE created_at < now() - make_interval(days => :days)",
            {"days": KEEP_DAYS},
        )


def _digest(request: Schema | Sequence[str]) -> str:
    said = request.model_dump_json() if isinstance(request, Schema) else json.dumps(request)
    return hashlib.sha256(said.encode()).hexdigest()
