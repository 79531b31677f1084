"""Messages of all churches that were paused for one reason, when an operator has dealt with it."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from koinonia.carriers.failures import Failure
from koinonia.common import db
from koinonia.messaging.broadcasts.controls import pauses
from koinonia.messaging.errors import NotPaused


class _Open(NamedTuple):
    church_id: UUID
    message_id: UUID


class Paused(NamedTuple):
    message_id: UUID
    church_id: UUID
    kind: str
    left: int  # texts that are not with the carrier


async def find(database: db.Database, reason: Failure) -> list[Paused]:
    """What is paused because of ``reason``, by church."""
    async with database.transaction() as session:
        rows = await db.rows(session, _Open, "SELECT church_id, message_id FROM open_messages")
    by_church: dict[UUID, list[UUID]] = defaultdict(list)
    for row in rows:
        by_church[row.church_id].append(row.message_id)
    found: list[Paused] = []
    for church_id in sorted(by_church):
        async with database.transaction(church_id) as session:
            found += await db.rows(
                session,
                Paused,
                """
                SELECT id AS message_id, church_id, kind, pending_count + sending_count AS left
                  FROM messages
                 WHERE id = ANY(CAST(:ids AS uuid[])) AND status = 'paused' AND pause_code = :code
                 ORDER BY id
                """,
                {"ids": by_church[church_id], "code": reason},
            )
    return found


async def resume(database: db.Database, messages: Sequence[Paused]) -> list[Paused]:
    """Resume each in a transaction of its own; returns those that were still paused."""
    resumed = []
    for message in messages:
        try:
            async with database.transaction(message.church_id) as session:
                await pauses.resume(session, message.church_id, message.message_id)
        except NotPaused:  # it was cancelled since
            continue
        resumed.append(message)
    return resumed
