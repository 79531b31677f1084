"""What other services tell the audit trail."""

from typing import Any
from uuid import UUID

import httpx

from koinonia.auth.program import PROGRAM
from koinonia.common import db
from koinonia.common.events.messaging import MessageQuietHoursOverridden
from koinonia.common.testing import probe, service

from . import factories


async def test_texts_sent_in_quiet_hours_are_in_the_trail_with_who_and_why(
    running: Any, api: httpx.AsyncClient
) -> None:
    body = await factories.register(api)
    church_id, admin_id = UUID(body["church"]["id"]), UUID(body["admin"]["id"])
    overridden = MessageQuietHoursOverridden(
        church_id=church_id, message_id=db.uuid7(), admin_id=admin_id, reason="Flood warning"
    )
    await service.hear(PROGRAM, running, overridden)
    await service.hear(PROGRAM, running, overridden)  # the same, told twice

    async with running.database.transaction(church_id) as session:
        entry, *more = (await probe.rows(session, "SELECT * FROM audit_entries ORDER BY id"))[
            1:
        ]  # after the registration
    assert not more
    assert (entry.action, entry.admin_id) == ("message.quiet_hours_overridden", admin_id)
    assert entry.details == {"message_id": str(overridden.message_id), "reason": "Flood warning"}
    assert entry.at == overridden.occurred_at
