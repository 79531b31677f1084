"""A message for later, from the request to the phone, and an emergency in the audit trail."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg

from koinonia.common import clock
from koinonia.common.testing.eventually import eventually
from koinonia.devkit.system import System

from . import schedules
from .conftest import Founded
from .network import Network


async def test_a_recurring_message_reaches_whoever_is_there_when_its_time_has_come(
    found: Founded, phones: Network, system: System
) -> None:
    church = await found(members=1)
    day = (clock.now() + timedelta(days=3)).date()
    wall = {"localTime": f"{day}T09:00:00", "timezone": "America/New_York"}
    asked = {"content": "Hello {{firstName}}", "targetType": "all", "rrule": "FREQ=DAILY"}
    made = await church.api.post("/api/schedules", json=asked | {"scheduledFor": wall})
    assert made.status_code == 201, made.text
    await church.bring(1)
    address = f"/api/schedules/{made.json()['id']}"

    await schedules.bring_forward(system, made.json()["id"])

    [occurrence] = await eventually(lambda: _occurred(church.get, address), 20)
    assert occurrence["outcome"] == "sent", occurrence
    message = await church.settled(occurrence["messageId"])
    assert (message["totalRecipients"], message["scheduleId"]) == (2, made.json()["id"])
    assert [await phones.texts(phone) for phone in church.phones] == [["Hello Ann0"]] * 2
    assert (await church.get(address))["nextAt"] > occurrence["occursAt"]


async def test_an_emergency_is_in_the_audit_trail_of_the_church(
    found: Founded, system: System
) -> None:
    church = await found(members=1)
    sent = await church.send("Leave now", emergency={"reason": "Flood warning"})
    entry = await eventually(lambda: _override(system, church.id), 20)
    assert entry["details"] == '{"reason": "Flood warning"}'
    assert str(entry["thing_id"]) == sent["id"]
    assert str(entry["actor_id"]) == church.account["admin"]["id"]


async def _occurred(get: Any, address: str) -> Any:
    return (await get(f"{address}/occurrences"))["data"]


async def _override(system: System, church_id: str) -> Any:
    owner = await asyncpg.connect(system.environment.database_url)
    try:
        return await owner.fetchrow(
            """
            SELECT actor_id, thing_id, details FROM auth.audit_entries
             WHERE church_id = $1 AND action = 'message.quiet_hours_overridden'
            """,
            UUID(church_id),
        )
    finally:
        await owner.close()
