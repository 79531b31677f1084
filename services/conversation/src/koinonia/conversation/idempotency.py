"""One request, one reply: what an ``Idempotency-Key`` was used for.

The key is a row of the transaction that makes the reply. A second request with it waits at the
primary key for the first to commit, and then finds what that one made.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.conversation.errors import BadIdempotencyKey, IdempotencyKeyReused

_KEY = re.compile(r"[\x21-\x7e]{1,255}")


async def claimed_before(
    session: AsyncSession, church_id: UUID, key: str, request: Sequence[str], message_id: UUID
) -> UUID | None:
    """Note that ``key`` makes ``message_id``; or the id of the reply it made before."""
    if not _KEY.fullmatch(key):
        raise BadIdempotencyKey
    digest = hashlib.sha256(json.dumps(request).encode()).hexdigest()
    noted = await db.run(
        session,
        """
        INSERT INTO idempotency_keys (church_id, key, request_hash, message_id)
        VALUES (:church, :key, :hash, :message) ON CONFLICT DO NOTHING
        """,
        {"church": church_id, "key": key, "hash": digest, "message": message_id},
    )
    if noted:
        return None
    earlier = await db.first(
        session,
        """
        SELECT request_hash, message_id FROM idempotency_keys
         WHERE church_id = :church AND key = :key
        """,
        {"church": church_id, "key": key},
    )
    if earlier is None or earlier.request_hash != digest:
        raise IdempotencyKeyReused
    found: UUID = earlier.message_id
    return found
