"""Billing on the bus: what it hears, what it answers, and what it repeats."""

from koinonia.billing.program import PROGRAM
from koinonia.common import db
from koinonia.common.runtime import Running
from koinonia.common.testing import probe, service
from koinonia.common.testing.eventually import eventually

from . import factories


async def test_a_message_is_charged_from_its_creation_to_its_end(running: Running) -> None:
    church_id = db.uuid7()
    message = factories.created(church_id, parts=10)
    reports = [factories.reported(church_id, message.message_id, parts=2) for _ in range(4)]
    end = factories.completed(church_id, message.message_id)
    async with service.listening(PROGRAM, running) as publisher:
        await publisher.publish_event(factories.registered(church_id))
        await publisher.publish_event(message)
        for event in (*reports, *reports, end):
            await publisher.publish_event(event)
        await eventually(lambda: _has_figures(running, church_id, (8, 0)), within=15)


async def test_a_message_that_comes_too_early_is_taken_up_when_its_church_is_known(
    running: Running,
) -> None:
    church_id = db.uuid7()
    async with service.listening(PROGRAM, running) as publisher:
        await publisher.publish_event(factories.created(church_id, parts=10))
        await publisher.publish_event(factories.registered(church_id))
        await eventually(lambda: _has_figures(running, church_id, (0, 10)), within=15)


async def _has_figures(running: Running, church_id: object, expected: tuple[int, int]) -> bool:
    async with running.database.transaction(church_id) as session:  # type: ignore[arg-type]
        row = await probe.first(session, "SELECT used_parts, reserved_parts FROM subscriptions")
    return row is not None and tuple(row) == expected
