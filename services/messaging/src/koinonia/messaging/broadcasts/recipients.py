"""Recipient rows: one per phone, made by one statement however many they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.messaging.broadcasts import batches, measuring, reach
from koinonia.messaging.broadcasts.drafts import Draft
from koinonia.messaging.broadcasts.measuring import Filling
from koinonia.messaging.people.audience import Audience

# A version 7 id (RFC 9562): the time in the place of a random id's first 48 bits, then the version.
UUID7 = """
    CAST(encode(set_bit(set_bit(overlay(
        uuid_send(gen_random_uuid())
        PLACING substring(int8send(CAST(extract(epoch FROM now()) * 1000 AS bigint)) FROM 3)
        FROM 1 FOR 6), 52, 1), 53, 1), 'hex') AS uuid)
"""


DUPLICATE = "duplicate"
ALONE = [Filling(values=(), key=None, phones=0)]  # of a text that is the same for everybody


@dataclass(frozen=True, slots=True)
class Placed:
    """What became of a target: ``excluded`` is phones by reason (``Reason``), and under
    :data:`DUPLICATE` the people who share a phone with somebody who joined before them; ``zones``
    is texts by where they may arrive."""

    total: int
    parts: int
    excluded: dict[str, int]
    zones: dict[str, int]


async def place(session: AsyncSession, church_id: UUID, message_id: UUID, draft: Draft) -> Placed:
    """A pending row for each phone that will be texted. The order is that of joining, so a batch
    lies together and a list reads the same every time.

    What is filled in is measured before: once for each set of values, however many share it.
    """
    reached = await reach.of(session, church_id, draft)
    fillings = await _fillings(session, reached) if draft.template.fields else ALONE
    found = await measuring.costs(draft, fillings)
    measuring.check(fillings, found)
    parameters = {
        "message_id": message_id,
        "batch_size": batches.SIZE,
        "alone": 0 if draft.template.fields else found[0].parts,
        "keys": [filling.key for filling in fillings],
        "parts": [cost.parts for cost in found],
    }
    counted = await db.rows(
        session, _PLACE.format(audience=reached.sql), reached.parameters | parameters
    )
    late = 0
    if any(row.unmeasured for row in counted):
        late = await _measure_late(session, message_id, draft)
    return _placed(counted, late)


def _placed(counted: Sequence[Any], late: int) -> Placed:
    texted = [row for row in counted if row.reason is None]
    return Placed(
        total=sum(row.phones for row in texted),
        parts=sum(row.parts for row in texted) + late,
        excluded=excluded(counted),
        zones={row.zones: row.phones for row in texted},
    )


def excluded(counted: Sequence[Any]) -> dict[str, int]:
    """Phones by reason, and duplicates, of rows that count ``phones`` and ``people``."""
    found: dict[str, int] = {}
    for row in counted:
        if row.reason is not None:
            found[row.reason] = found.get(row.reason, 0) + row.phones
    if duplicates := sum(row.people - row.phones for row in counted):
        found[DUPLICATE] = int(duplicates)
    return found


async def _fillings(session: AsyncSession, reached: Audience) -> list[Filling]:
    rows = await db.rows(
        session,
        f"""
        SELECT merge_values, CAST(merge_values AS text) AS key, count(*) AS phones
          FROM ({reached.sql}) AS audience WHERE reason IS NULL GROUP BY merge_values
        """,
        reached.parameters,
    )
    return [Filling(row.merge_values, row.key, row.phones) for row in rows]


_PLACE = f"""
    WITH audience AS MATERIALIZED (
        SELECT audience.*, coalesce(measured.parts, CAST(:alone AS integer)) AS parts
          FROM ({{audience}}) AS audience
          LEFT JOIN unnest(CAST(:keys AS text[]), CAST(:parts AS integer[]))
                    AS measured (key, parts)
            ON measured.key = CAST(audience.merge_values AS text)
    ), placed AS (
        INSERT INTO message_recipients (id, church_id, message_id, batch, member_id, member_ids,
                                        phone_index, phone_sealed, merge_values, zones,
                                        parts_estimated)
        SELECT {UUID7}, :church_id, :message_id,
               (row_number() OVER (ORDER BY member_id) - 1) / :batch_size,
               member_id, member_ids, phone_index, phone_sealed, merge_values, zones, parts
          FROM audience WHERE reason IS NULL)
    SELECT reason, zones, count(*) AS phones, sum(cardinality(member_ids)) AS people,
           sum(parts) AS parts, count(*) FILTER (WHERE reason IS NULL AND parts = 0) AS unmeasured
      FROM audience GROUP BY reason, zones
"""


async def _measure_late(session: AsyncSession, message_id: UUID, draft: Draft) -> int:
    """Measure the texts of people who changed between our two looks; returns their parts."""
    rows = await db.rows(
        session,
        """
        SELECT merge_values, CAST(merge_values AS text) AS key, count(*) AS phones
          FROM message_recipients WHERE message_id = :message AND parts_estimated = 0
         GROUP BY merge_values
        """,
        {"message": message_id},
    )
    fillings = [Filling(row.merge_values, row.key, row.phones) for row in rows]
    found = await measuring.costs(draft, fillings)
    measuring.check(fillings, found)
    await db.run(
        session,
        """
        UPDATE message_recipients r SET parts_estimated = measured.parts
          FROM unnest(CAST(:keys AS text[]), CAST(:parts AS integer[])) AS measured (key, parts)
         WHERE r.message_id = :message AND r.parts_estimated = 0
           AND CAST(r.merge_values AS text) = measured.key
        """,
        {
            "message": message_id,
            "keys": [filling.key for filling in fillings],
            "parts": [cost.parts for cost in found],
        },
    )
    return sum(f.phones * cost.parts for f, cost in zip(fillings, found, strict=True))
