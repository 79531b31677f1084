"""Reports that are about no text we know."""

from typing import Any

from koinonia.common import db
from koinonia.common.events.messaging import DeliveryStatus
from koinonia.messaging.broadcasts.tracking import delivery_reports, parked_reports

from .reporting import claimed, noted, report
from .stage import Stage


async def parked(stage: Stage) -> list[Any]:
    return await stage.query("SELECT attempts, retry_at FROM parked_reports")


async def time_passes(stage: Stage) -> None:
    await stage.run("UPDATE parked_reports SET retry_at = now() - interval '1 second'")
    await delivery_reports.retry_parked(stage.running)


async def test_a_report_before_its_text_is_known_is_applied_later(stage: Stage) -> None:
    await stage.members(1)
    message_id = await stage.started()
    batch, texts = await claimed(stage, message_id)
    sender = (await stage.message(message_id)).sender
    early = report(stage, texts[0].recipient_id, DeliveryStatus.DELIVERED)
    nameless = {"recipient_id": None, "church_id": None, "sender": sender}
    await stage.report(early.model_copy(update=nameless))
    assert len(await parked(stage)) == 1

    await noted(stage, batch, texts)
    await time_passes(stage)

    assert await stage.counted(message_id) == {"delivered": 1}
    assert await parked(stage) == []


async def test_a_report_that_never_matches_is_left_for_an_operator(stage: Stage) -> None:
    await stage.report(report(stage, db.uuid7(), DeliveryStatus.DELIVERED))

    for _ in parked_reports.PAUSES:
        await time_passes(stage)

    [row] = await parked(stage)
    assert (row.attempts, row.retry_at) == (len(parked_reports.PAUSES), None)


async def test_a_parked_report_is_not_tried_before_its_time(stage: Stage) -> None:
    await stage.report(report(stage, db.uuid7(), DeliveryStatus.DELIVERED))

    await delivery_reports.retry_parked(stage.running)

    [row] = await parked(stage)
    assert row.attempts == 0


async def test_a_report_of_a_number_that_is_not_ours_is_parked(stage: Stage) -> None:
    stranger = report(stage, db.uuid7(), DeliveryStatus.SENT).model_copy(
        update={"church_id": None, "recipient_id": None, "sender": "+12025550199"}
    )

    await stage.report(stranger)

    assert len(await parked(stage)) == 1
