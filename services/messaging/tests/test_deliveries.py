"""P3 and P7: reports move a status up only, and the counters with it."""

import asyncio
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from koinonia.common import clock, db
from koinonia.common.events.ingress import CarrierStatusesReported, CarrierStatusReported
from koinonia.common.events.messaging import DeliveryStatus, DeliveryUpdated, MessageCompleted
from koinonia.messaging.broadcasts.sending import dispatch
from koinonia.messaging.messages import batch_release, batches

from . import factories
from .reporting import accepted, carrier_id, claimed, noted, report
from .stage import Stage

SENT, DELIVERED = DeliveryStatus.SENT, DeliveryStatus.DELIVERED
FAILED, UNCONFIRMED = DeliveryStatus.FAILED, DeliveryStatus.UNCONFIRMED


async def test_a_late_sent_report_never_undoes_delivered(stage: Stage) -> None:
    message_id, [text] = await accepted(stage, 1)

    await stage.report(report(stage, text, DELIVERED))
    await stage.report(report(stage, text, SENT))

    assert await stage.counted(message_id) == {"delivered": 1}


async def test_a_late_delivered_report_corrects_failed(stage: Stage) -> None:
    message_id, [text] = await accepted(stage, 1)

    await stage.report(report(stage, text, FAILED, failure="unreachable", failure_code="40008"))
    await stage.report(report(stage, text, DELIVERED))

    assert await stage.counted(message_id) == {"delivered": 1}
    assert (await stage.texts(message_id))[0].failure is None


async def test_the_same_report_twice_has_one_effect(stage: Stage) -> None:
    message_id, [text] = await accepted(stage, 1)
    delivered = report(stage, text, DELIVERED)

    await stage.report(delivered)
    await stage.report(delivered)

    assert len(await stage.told(MessageCompleted)) == 1
    assert await stage.counted(message_id) == {"delivered": 1}


async def test_reports_in_a_bundle_and_alone_have_one_effect_each(stage: Stage) -> None:
    message_id, texts = await accepted(stage, 3)
    given = [report(stage, text, DELIVERED) for text in texts]
    bundles = [CarrierStatusesReported(events=each) for each in (given[:2], given[1:])]

    await stage.report(given[0])
    await stage.report_bundles(*bundles, bundles[0])
    await stage.report(given[2])

    assert await stage.counted(message_id) == {"delivered": 3}
    assert len(await stage.told(MessageCompleted)) == 1


async def test_a_report_before_the_note_finds_its_text_by_our_id(stage: Stage) -> None:
    await stage.members(1)
    message_id = await stage.started()
    batch, texts = await claimed(stage, message_id)

    await stage.report(report(stage, texts[0].recipient_id, DELIVERED))
    await noted(stage, batch, texts)

    assert await stage.counted(message_id) == {"delivered": 1}
    assert await stage.query("SELECT number FROM dispatch_batches") == []


async def test_a_text_that_was_reported_is_never_sent_again(stage: Stage) -> None:
    await stage.members(1)
    message_id = await stage.started()
    _, [text] = await claimed(stage, message_id)
    await stage.report(report(stage, text.recipient_id, SENT))
    await stage.run("UPDATE dispatch_batches SET state = 'released'")

    await stage.work()
    await stage.hear(*await stage.released())

    assert stage.network.ledger.summary()["calls"] == {}


async def test_reports_of_one_message_are_told_together(stage: Stage) -> None:
    _, texts = await accepted(stage, 20)
    before = len(await stage.told(DeliveryUpdated))

    await stage.report(*(report(stage, text, SENT) for text in texts))

    [told] = (await stage.told(DeliveryUpdated))[before:]
    assert {change.recipient_id for change in told.changes} == set(texts)


async def test_several_reports_of_one_text_in_a_batch_count_as_the_highest(stage: Stage) -> None:
    message_id, [text] = await accepted(stage, 1)

    await stage.report(*(report(stage, text, status) for status in (DELIVERED, SENT, UNCONFIRMED)))

    assert await stage.counted(message_id) == {"delivered": 1}


async def test_a_message_is_completed_only_when_nothing_is_open(stage: Stage) -> None:
    message_id, [one, two] = await accepted(stage, 2)

    await stage.report(report(stage, one, DELIVERED), report(stage, two, SENT))
    assert (await stage.message(message_id)).status == "sending"
    await stage.report(report(stage, two, UNCONFIRMED))
    await stage.report(report(stage, two, DELIVERED))

    assert (await stage.message(message_id)).status == "completed"
    [completed] = await stage.told(MessageCompleted)
    assert completed.counts[UNCONFIRMED] == 1


async def test_the_carriers_parts_replace_the_estimate_once(stage: Stage) -> None:
    message_id, [text] = await accepted(stage, 1)

    for _ in range(2):
        await stage.report(report(stage, text, SENT, parts=3))
    await stage.report(report(stage, text, DELIVERED, parts=3))

    told = await stage.told(DeliveryUpdated)
    assert [event.parts for event in told if event.parts] == [1, 2]
    assert (await stage.message(message_id)).parts_billed == 3


async def test_the_cost_adds_up_exactly(stage: Stage) -> None:
    message_id, texts = await accepted(stage, 3)

    reports = [report(stage, text, DELIVERED, cost=Decimal("0.00715")) for text in texts]
    await stage.report(*reports)

    told = await stage.told(DeliveryUpdated)
    assert (await stage.message(message_id)).cost == Decimal("0.02145")
    assert sum(event.cost for event in told) == Decimal("0.02145")


async def test_what_failed_is_not_billed(stage: Stage) -> None:
    message_id, [text] = await accepted(stage, 1)

    await stage.report(report(stage, text, FAILED, failure="refused"))

    assert (await stage.message(message_id)).parts_billed == 0
    assert sum(event.parts for event in await stage.told(DeliveryUpdated)) == 0


async def test_a_report_without_our_ids_is_found_by_the_carriers(stage: Stage) -> None:
    message_id, [text] = await accepted(stage, 1)
    sender = (await stage.message(message_id)).sender

    nameless = {"church_id": None, "recipient_id": None, "sender": sender}
    await stage.report(report(stage, text, DELIVERED).model_copy(update=nameless))

    assert await stage.counted(message_id) == {"delivered": 1}


async def test_a_report_of_another_message_of_the_carrier_changes_nothing(stage: Stage) -> None:
    message_id, [text] = await accepted(stage, 1)

    await stage.report(report(stage, text, DELIVERED, carrier_message_id="somebody-elses"))

    assert await stage.counted(message_id) == {"sending": 1}
    assert len(await stage.query("SELECT event_id FROM parked_reports")) == 1


async def test_a_report_under_another_church_changes_nothing(stage: Stage) -> None:
    message_id, [text] = await accepted(stage, 1)
    async with stage.running.database.transaction() as session:
        other = await factories.church(session, "Hope Hall")

    await stage.report(report(stage, text, DELIVERED, church_id=other))

    assert await stage.counted(message_id) == {"sending": 1}


async def test_reports_of_several_churches_are_applied_in_one_batch(stage: Stage) -> None:
    message_id, [text] = await accepted(stage, 1)
    mine = report(stage, text, DELIVERED)
    async with stage.running.database.transaction() as session:
        stage.church_id = await factories.church(session, "Hope Hall")
        await factories.active_number(session, stage.church_id)
    theirs, [other_text] = await accepted(stage, 1)

    await stage.report(report(stage, other_text, DELIVERED), mine)

    assert await stage.counted(theirs) == {"delivered": 1}
    assert mine.church_id is not None
    stage.church_id = mine.church_id
    assert await stage.counted(message_id) == {"delivered": 1}


async def test_a_stop_that_only_the_carrier_knew_is_remembered(stage: Stage) -> None:
    _, [text] = await accepted(stage, 1)

    await stage.report(report(stage, text, FAILED, failure="opted_out", failure_code="40300"))

    [row] = await stage.query("SELECT method FROM consent_events WHERE kind = 'revoked'")
    assert row.method == "carrier"


@pytest.mark.parametrize("failure", ["spend_limit", "account"])
async def test_a_report_that_concerns_everybody_pauses_the_message(
    stage: Stage, failure: str
) -> None:
    message_id, [one, _] = await accepted(stage, 2)

    await stage.report(report(stage, one, FAILED, failure=failure))

    message = await stage.message(message_id)
    assert (message.status, message.pause_code) == ("paused", failure)


async def test_times_are_those_of_the_reports(stage: Stage) -> None:
    message_id, [text] = await accepted(stage, 1)
    later = clock.now() + timedelta(minutes=5)

    await stage.report(report(stage, text, DELIVERED, reported_at=later))

    [row] = await stage.texts(message_id)
    assert row.settled_at == later
    assert row.sent_at < later
    assert row.carrier_message_id == carrier_id(text)


async def test_reports_and_notes_at_the_same_time_never_block_each_other(stage: Stage) -> None:
    await stage.members(40)
    message_id = await stage.started()
    batch, texts = await claimed(stage, message_id)
    ids = [text.recipient_id for text in texts]

    for statuses in ((SENT, FAILED), (UNCONFIRMED, DELIVERED)):
        await asyncio.gather(
            noted(stage, batch, texts),
            *(
                stage.report(*(report(stage, text, status) for text in order))
                for status in statuses
                for order in (ids, ids[::-1])
            ),
        )

    assert await stage.counted(message_id) == {"delivered": 40}


async def test_a_batch_whose_texts_were_all_reported_waits_for_nobody(stage: Stage) -> None:
    message_id, delivered = await deferred(stage)

    await stage.report(delivered)

    assert (await stage.message(message_id)).status == "completed"
    assert await batches_of(stage, message_id) == []


async def test_a_batch_let_go_while_its_last_text_is_reported_is_ended_by_a_worker(
    stage: Stage,
) -> None:
    message_id, delivered = await deferred(stage)
    async with stage.running.database.transaction(stage.church_id) as session:
        await batches.lock(session, message_id)  # as who lets go what was deferred
        await stage.report(delivered)
        await db.run(
            session,
            "UPDATE dispatch_batches SET state = 'waiting', due_at = NULL WHERE message_id = :id",
            {"id": message_id},
        )
        await batch_release.release(session, message_id)
    await dispatch.recover(stage.running)
    await stage.work()

    assert await batches_of(stage, message_id) == []


async def deferred(stage: Stage) -> tuple[UUID, CarrierStatusReported]:
    """A message whose one text is to be tried again, and a report that it has arrived."""
    await stage.members(1)
    message_id = await stage.started()
    batch, [text] = await claimed(stage, message_id)
    async with stage.running.database.transaction(stage.church_id) as session:
        await batches.defer(session, batch, 60, keeps_place=False)
    return message_id, report(stage, text.recipient_id, DELIVERED)


async def batches_of(stage: Stage, message_id: UUID) -> list[Any]:
    return await stage.query("SELECT 1 FROM dispatch_batches WHERE message_id = :id", id=message_id)
