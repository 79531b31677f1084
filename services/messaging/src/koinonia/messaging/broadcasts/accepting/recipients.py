"""Recipient rows: one per phone, made by one statement however many they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.errors import AppError
from koinonia.messaging.messages import batches, drafts, part_counts
from koinonia.messaging.messages.church_facts import ChurchFacts
from koinonia.messaging.messages.drafts import Draft
from koinonia.messaging.messages.part_counts import Fillings, Grouped

# A version 7 id (RFC 9562): the time in the place of a random id's first 48 bits, then the version.
UUID7 = """
    CAST(encode(set_bit(set_bit(overlay(
        uuid_send(gen_random_uuid())
        PLACING substring(int8send(CAST(extract(epoch FROM now()) * 1000 AS bigint)) FROM 3)
        FROM 1 FOR 6), 52, 1), 53, 1), 'hex') AS uuid)
"""


@dataclass(frozen=True, slots=True)
class Placed:
    """What became of a target: ``excluded`` is phones by reason (``Reason``), and under
    :data:`DUPLICATE` the people who share a phone with somebody who joined before them; ``zones``
    is texts by where they may arrive; ``phones_digest`` as in ``drafts``."""

    total: int
    parts: int
    excluded: dict[str, int]
    zones: dict[str, int]
    phones_digest: int | None


class _Counted(NamedTuple):
    reason: str | None
    zones: str
    phones: int
    people: int
    parts: int | None
    digest: int
    unmeasured: int


@dataclass(frozen=True, slots=True)
class _Measures:
    """Parts by the shape of what is filled in; ``alone`` are those of a text that is the same for
    everybody."""

    keys: Sequence[str] = ()
    parts: Sequence[int] = ()
    alone: int = 0


async def place(
    session: AsyncSession, church_id: UUID, message_id: UUID, draft: Draft, facts: ChurchFacts
) -> Placed:
    """A pending row for each phone that will be texted. The order is that of joining, so a batch
    lies together and a list reads the same every time.

    What is filled in is measured before: once for all that cost the same, however many they are.
    Nothing is placed when this raises what is wrong with the draft.
    """
    async with facts.planned(draft.aim):
        reached = await drafts.audience_query(facts, church_id, draft)
        measures = await _measure(session, draft, f"({reached.sql}) AS a", reached.parameters)
        counted = await db.rows(
            session,
            _Counted,
            _PLACE.format(audience=reached.sql, shape=part_counts.shape(draft.template)),
            {
                **reached.parameters,
                "keys": measures.keys,
                "parts": measures.parts,
                "alone": measures.alone,
                "message_id": message_id,
                "batch_size": batches.SIZE,
            },
        )
    late = 0
    if any(row.unmeasured for row in counted):
        try:
            late = await _measure_late(session, message_id, draft)
        except AppError:
            await _take_back(session, message_id)
            raise
    return _placed(draft, counted, late)


async def _measure(
    session: AsyncSession, draft: Draft, texts: str, parameters: Mapping[str, object]
) -> _Measures:
    if not draft.template.fields:
        measured = await part_counts.measure(draft, Fillings.none(1))
        measured.check()
        return _Measures(alone=measured.parts)
    row = await db.first(
        session, Grouped, part_counts.grouped(draft, f"{texts} WHERE reason IS NULL"), parameters
    )
    assert row is not None
    measured = await part_counts.measure(draft, Fillings.from_columns(row.fillings, row.times))
    measured.check()
    return _Measures(row.keys or (), [cost.parts for cost in measured.costs])


def _placed(draft: Draft, counted: Sequence[_Counted], late: int) -> Placed:
    texted = [row for row in counted if row.reason is None]
    return Placed(
        total=sum(row.phones for row in texted),
        parts=sum(row.parts or 0 for row in texted) + late,
        excluded=drafts.excluded(counted),
        zones={row.zones: row.phones for row in texted},
        phones_digest=drafts.phones_digest(draft, texted),
    )


_PLACE = f"""
    WITH audience AS MATERIALIZED (
        SELECT audience.*, coalesce(measured.parts, CAST(:alone AS integer)) AS parts
          FROM ({{audience}}) AS audience
          LEFT JOIN unnest(CAST(:keys AS text[]), CAST(:parts AS integer[]))
                    AS measured (key, parts)
            ON measured.key = {{shape}}
    ), placed AS (
        INSERT INTO message_recipients (id, church_id, message_id, batch, member_id, member_ids,
                                        phone_index, phone_sealed, merge_values, zones,
                                        parts_estimated)
        SELECT {UUID7}, :church_id, :message_id,
               (row_number() OVER (ORDER BY member_id) - 1) / :batch_size,
               member_id, member_ids, phone_index, phone_sealed, merge_values, zones, parts
          FROM audience WHERE reason IS NULL)
    SELECT reason, zones, count(*) AS phones, sum(cardinality(member_ids)) AS people,
           sum(parts) AS parts, {drafts.DIGEST} AS digest,
           count(*) FILTER (WHERE reason IS NULL AND parts = 0) AS unmeasured
      FROM audience GROUP BY reason, zones
"""


async def _take_back(session: AsyncSession, message_id: UUID) -> None:
    await db.run(
        session, "DELETE FROM message_recipients WHERE message_id = :id", {"id": message_id}
    )


async def _measure_late(session: AsyncSession, message_id: UUID, draft: Draft) -> int:
    """Measure the texts of people who changed between our two looks; returns their parts."""
    texts = """
        (SELECT merge_values, NULL AS reason FROM message_recipients
          WHERE message_id = :message AND parts_estimated = 0) AS late"""
    measures = await _measure(session, draft, texts, {"message": message_id})
    return await db.count(
        session,
        f"""
        WITH measured AS (
            UPDATE message_recipients r SET parts_estimated = measured.parts
              FROM unnest(CAST(:keys AS text[]), CAST(:parts AS integer[]))
                   AS measured (key, parts)
             WHERE r.message_id = :message AND r.parts_estimated = 0
               AND {part_counts.shape(draft.template)} = measured.key
            RETURNING r.parts_estimated)
        SELECT sum(parts_estimated) FROM measured
        """,
        {"message": message_id, "keys": measures.keys, "parts": measures.parts},
    )
