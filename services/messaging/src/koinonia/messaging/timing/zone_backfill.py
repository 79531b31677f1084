"""Zones of phones that were written before anybody asked where they are."""

from koinonia.common import db
from koinonia.messaging.running import Running
from koinonia.messaging.timing import quiet_hours

AT_ONCE = 1000


async def fill(running: Running) -> None:
    """Look up the zones of some members of one church that has such; until then its own holds."""
    async with running.database.transaction() as session:
        church = await db.untyped_first(
            session, "SELECT church_id FROM unzoned_churches LIMIT 1 FOR UPDATE SKIP LOCKED"
        )
        if church is None:
            return
        await db.enter_church(session, church.church_id)
        members = await db.untyped_rows(
            session,
            """
            SELECT id, phone_sealed FROM members WHERE church_id = :church AND zones IS NULL
             ORDER BY id LIMIT :at_once FOR NO KEY UPDATE
            """,
            {"church": church.church_id, "at_once": AT_ONCE},
        )
        await db.run(
            session,
            """
            UPDATE members m SET zones = found.zones
              FROM unnest(CAST(:ids AS uuid[]), CAST(:zones AS text[])) AS found (id, zones)
             WHERE m.id = found.id
            """,
            {
                "ids": [member.id for member in members],
                "zones": [
                    quiet_hours.of_phone(running.phones.open(member.phone_sealed))
                    for member in members
                ],
            },
        )
        if len(members) < AT_ONCE:
            await db.run(
                session,
                "DELETE FROM unzoned_churches WHERE church_id = :church",
                {"church": church.church_id},
            )
