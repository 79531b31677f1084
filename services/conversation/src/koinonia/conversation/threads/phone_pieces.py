"""Blind pieces of a thread's phone number: a search for some of its digits finds them."""

from collections.abc import Sequence
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import crypto, db
from koinonia.common.phone import Phones

log = structlog.get_logger()


async def store(
    session: AsyncSession, church_id: UUID, phones: Phones, sealed: dict[UUID, str]
) -> None:
    """Store the pieces of the threads' phones, ``sealed`` by thread. A phone that cannot be opened
    is not found by its digits."""
    opened = {
        thread_id: number
        for thread_id, value in sealed.items()
        if (number := _opened(phones, thread_id, value))
    }
    await db.run(
        session,
        """
        INSERT INTO conversation_phones (church_id, conversation_id, pieces)
        SELECT :church, id, CAST(pieces AS bigint[])
          FROM unnest(CAST(:ids AS uuid[]), CAST(:pieces AS text[])) AS given (id, pieces)
        ON CONFLICT (church_id, conversation_id) DO UPDATE SET pieces = excluded.pieces
        """,
        {
            "church": church_id,
            "ids": list(opened),
            "pieces": [_array(phones.pieces(church_id, each)) for each in opened.values()],
        },
    )


def _opened(phones: Phones, thread_id: UUID, sealed: str) -> str | None:
    try:
        return phones.open(sealed)
    except crypto.SealBroken:
        log.warning("phone.unreadable", conversation_id=str(thread_id))
        return None


def _array(pieces: Sequence[int]) -> str:
    return f"{{{','.join(map(str, pieces))}}}"
