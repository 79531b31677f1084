"""Recipient rows: one per phone, made by one statement however many they are."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.messaging.broadcasts import batches
from koinonia.messaging.people import audience
from koinonia.messaging.people.audience import TargetType

# A version 7 id (RFC 9562): the time in the place of a random id's first 48 bits, then the version.
UUID7 = """
    CAST(encode(set_bit(set_bit(overlay(
        uuid_send(gen_random_uuid())
        PLACING substring(int8send(CAST(extract(epoch FROM now()) * 1000 AS bigint)) FROM 3)
        FROM 1 FOR 6), 52, 1), 53, 1), 'hex') AS uuid)
"""


async def place(
    session: AsyncSession,
    church_id: UUID,
    message_id: UUID,
    target_type: TargetType,
    target_ids: Sequence[UUID],
    parts: int,
) -> int:
    """A pending row for each phone of the audience; returns how many. The order is that of joining,
    so a batch lies together and a list reads the same every time."""
    return await db.run(
        session,
        f"""
        INSERT INTO message_recipients (id, church_id, message_id, batch, member_id, member_ids,
                                        phone_index, phone_sealed, parts_estimated)
        SELECT {UUID7}, :church_id, :message_id,
               (row_number() OVER (ORDER BY audience.member_id) - 1) / :batch_size,
               audience.member_id, audience.member_ids, audience.phone_index,
               audience.phone_sealed, :parts
          FROM ({audience.select(target_type)}) AS audience
        """,
        {
            "church_id": church_id,
            "message_id": message_id,
            "target_ids": list(target_ids),
            "batch_size": batches.SIZE,
            "parts": parts,
        },
    )
