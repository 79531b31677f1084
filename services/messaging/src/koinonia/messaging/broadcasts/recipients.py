"""Recipient rows: one per phone, made by one statement however many they are."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.messaging.broadcasts import batches
from koinonia.messaging.broadcasts.drafts import Draft
from koinonia.messaging.people import audience

# A version 7 id (RFC 9562): the time in the place of a random id's first 48 bits, then the version.
UUID7 = """
    CAST(encode(set_bit(set_bit(overlay(
        uuid_send(gen_random_uuid())
        PLACING substring(int8send(CAST(extract(epoch FROM now()) * 1000 AS bigint)) FROM 3)
        FROM 1 FOR 6), 52, 1), 53, 1), 'hex') AS uuid)
"""


DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Placed:
    """What became of a target: ``excluded`` is phones by reason (``Reason``), and under
    :data:`DUPLICATE` the people who share a phone with somebody who joined before them."""

    total: int
    parts: int
    excluded: dict[str, int]


async def place(session: AsyncSession, church_id: UUID, message_id: UUID, draft: Draft) -> Placed:
    """A pending row for each phone that will be texted. The order is that of joining, so a batch
    lies together and a list reads the same every time."""
    parts = draft.parts_of(draft.content)
    counted = await db.rows(
        session,
        f"""
        WITH audience AS MATERIALIZED ({audience.select(draft.target_type)}), placed AS (
            INSERT INTO message_recipients (id, church_id, message_id, batch, member_id, member_ids,
                                            phone_index, phone_sealed, parts_estimated)
            SELECT {UUID7}, :church_id, :message_id,
                   (row_number() OVER (ORDER BY member_id) - 1) / :batch_size,
                   member_id, member_ids, phone_index, phone_sealed, :parts
              FROM audience WHERE reason IS NULL)
        SELECT reason, count(*) AS phones, sum(cardinality(member_ids)) AS people
          FROM audience GROUP BY reason
        """,
        {
            "church_id": church_id,
            "message_id": message_id,
            "target_ids": list(draft.target_ids),
            "batch_size": batches.SIZE,
            "parts": parts,
        },
    )
    phones = {row.reason: row.phones for row in counted}
    total = phones.pop(None, 0)
    duplicates = sum(row.people - row.phones for row in counted)
    excluded = phones | ({DUPLICATE: int(duplicates)} if duplicates else {})
    return Placed(total, total * parts, excluded)
