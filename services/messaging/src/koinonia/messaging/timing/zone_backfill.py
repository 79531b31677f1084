"""Zones and endings of phones that were written before these were kept, or before all zones were
known."""

from typing import NamedTuple
from uuid import UUID

from koinonia.common import db
from koinonia.messaging import phone_endings
from koinonia.messaging.running import Running
from koinonia.messaging.timing import quiet_hours

AT_ONCE = 1000


class _Member(NamedTuple):
    id: UUID
    phone_sealed: str


async def fill(running: Running) -> None:
    """Look up the zones of some members of one church that has members without, or with old ones;
    until then the church's own zone holds, or the old ones do."""
    async with running.database.transaction() as session:
        church_id = await db.value(
            session, UUID, "SELECT church_id FROM unzoned_churches LIMIT 1 FOR UPDATE SKIP LOCKED"
        )
        if church_id is None:
            return
        await db.enter_church(session, church_id)
        members = await db.rows(
            session,
            _Member,
            """
            SELECT id, phone_sealed FROM members
             WHERE church_id = :church
               AND (zones IS NULL OR zones_are_old OR phone_last_four IS NULL)
             ORDER BY id LIMIT :at_once FOR NO KEY UPDATE
            """,
            {"church": church_id, "at_once": AT_ONCE},
        )
        numbers = [running.phones.open(member.phone_sealed) for member in members]
        ends = [phone_endings.endings(running.phones, church_id, number) for number in numbers]
        await db.run(
            session,
            """
            UPDATE members m
               SET zones = found.zones, zones_are_old = false,
                   phone_last_four = found.last_four, phone_last_seven = found.last_seven
              FROM unnest(CAST(:ids AS uuid[]), CAST(:zones AS text[]), CAST(:fours AS bigint[]),
                          CAST(:sevens AS bigint[]))
                   AS found (id, zones, last_four, last_seven)
             WHERE m.id = found.id
            """,
            {
                "ids": [member.id for member in members],
                "zones": [quiet_hours.phone_zones(number) for number in numbers],
                "fours": [each.phone_last_four for each in ends],
                "sevens": [each.phone_last_seven for each in ends],
            },
        )
        if len(members) < AT_ONCE:
            await db.run(
                session,
                "DELETE FROM unzoned_churches WHERE church_id = :church",
                {"church": church_id},
            )
