"""What other services tell the audit trail, and how long it is kept."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx

from koinonia.auth import worker
from koinonia.auth.program import PROGRAM
from koinonia.common import clock, db
from koinonia.common.events.actions import Actor
from koinonia.common.events.conversation import ConversationActionTaken
from koinonia.common.events.messaging import MessageQuietHoursOverridden, MessagingActionTaken
from koinonia.common.testing import probe, service

from . import factories


async def entries(running: Any, church_id: UUID) -> list[Any]:
    """Those after the registration."""
    async with running.database.transaction(church_id) as session:
        found = await probe.rows(session, "SELECT * FROM audit_entries ORDER BY at, id")
    return [each for each in found if each.action != "church.registered"]


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

    [entry] = await entries(running, church_id)
    assert (entry.action, entry.actor_id) == ("message.quiet_hours_overridden", admin_id)
    assert (entry.thing_id, entry.details) == (overridden.message_id, {"reason": "Flood warning"})
    assert entry.at == overridden.occurred_at


async def test_what_a_service_did_is_there_once_however_often_it_is_told(
    running: Any, api: httpx.AsyncClient
) -> None:
    church_id = UUID((await factories.register(api))["church"]["id"])
    sent = MessagingActionTaken(
        church_id=church_id,
        action="message.sent",
        actor_id=db.uuid7(),
        thing_id=db.uuid7(),
        address="203.0.113.0/24",
        details={"recipients": 40},
    )
    removed = ConversationActionTaken(
        church_id=church_id, action="label.removed", actor=Actor.OPERATOR, actor_name="ada"
    )
    for event in (sent, removed, sent):
        await service.hear(PROGRAM, running, event)
    first, second = await entries(running, church_id)
    assert (first.id, first.actor, first.actor_id) == (sent.id, "person", sent.actor_id)
    assert (first.thing_id, first.address, first.at) == (
        sent.thing_id,
        "203.0.113.0/24",
        sent.occurred_at,
    )
    assert first.details == {"recipients": 40}
    assert (second.actor, second.actor_name, second.action) == ("operator", "ada", "label.removed")


async def test_entries_are_kept_for_five_years(running: Any, api: httpx.AsyncClient) -> None:
    church_id = UUID((await factories.register(api))["church"]["id"])
    ages = {"old": timedelta(days=5 * 366), "young": timedelta(days=4 * 366)}
    for action, age in ages.items():
        taken = MessagingActionTaken(
            church_id=church_id, action=action, occurred_at=clock.now() - age
        )
        await service.hear(PROGRAM, running, taken)
    await worker.prune(running)
    assert [each.action for each in await entries(running, church_id)] == ["young"]
