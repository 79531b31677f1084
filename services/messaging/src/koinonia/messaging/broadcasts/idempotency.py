"""One request, one message: what an ``Idempotency-Key`` was used for.

The key is a row of the transaction that makes the message. A second request with it waits at the
primary key for the first to commit, and then finds what that one made.
"""

import hashlib
import re
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.schema import Schema
from koinonia.messaging.errors import BadIdempotencyKey, IdempotencyKeyReused

_KEY = re.compile(r"[\x21-\x7e]{1,255}")


async def claimed_before(
    session: AsyncSession, church_id: UUID, scope: str, key: str, request: Schema, resource_id: UUID
) -> UUID | None:
    """Note that ``key`` makes ``resource_id``; or the id of what it made before."""
    if not _KEY.fullmatch(key):
        raise BadIdempotencyKey
    digest = hashlib.sha256(request.model_dump_json().encode()).hexdigest()
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
        """
        SELECT request_hash, resource_id FROM idempotency_keys
         WHERE church_id = :church AND scope = :scope AND key = :key
        """,
        {"church": church_id, "scope": scope, "key": key},
    )
    if earlier is None or earlier.request_hash != digest:
        raise IdempotencyKeyReused
    found: UUID = earlier.resource_id
    return found


async def prune(running: Any) -> None:
    """Forget keys after a week. Row-level security shows those of all churches to a transaction
    without a church (the policy ``old``), so one statement is enough."""
    async with running.database.transaction() as session:
        await db.run(
            session,
            "DELETE FROM idempotency_keys WHERE created_at < now() - interval '7 days'",
        )
