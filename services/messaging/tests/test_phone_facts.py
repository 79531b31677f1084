"""What our texts teach us about phones."""

import pytest

from koinonia.carriers.failures import Failure
from koinonia.common import clock
from koinonia.common.events.messaging import DeliveryStatus, MessageCompleted
from koinonia.messaging.broadcasts.tracking import phone_facts, text_updates
from koinonia.messaging.broadcasts.tracking.text_updates import TextNews

from .stage import Stage


async def fail(stage: Stage, failure: Failure) -> str:
    """A text to the only member that fails for good; its id at the carrier."""
    sent = await stage.send()
    [text] = await stage.texts(sent.id)
    news = TextNews(
        recipient_id=text.id,
        status=DeliveryStatus.FAILED,
        at=clock.now(),
        carrier="telnyx",
        carrier_message_id=f"carrier-{text.id}",
        failure=failure,
    )
    async with stage.running.database.transaction(stage.church_id) as session:
        await text_updates.apply(session, stage.church_id, [news])
    return str(text.id)


@pytest.mark.parametrize(
    ("failure", "reason"),
    [(Failure.NOT_TEXTABLE, "landline"), (Failure.INVALID_NUMBER, "invalid")],
)
async def test_a_phone_that_takes_no_texts_is_left_out_of_the_next(
    stage: Stage, failure: Failure, reason: str
) -> None:
    await stage.member()
    await fail(stage, failure)
    await stage.members(1)

    sent = await stage.send()

    assert sent.total_recipients == 1
    assert (await stage.message(sent.id)).excluded == {reason: 1}


async def test_the_ledger_of_a_phone_says_that_it_takes_no_texts(stage: Stage) -> None:
    member = await stage.member()
    index = stage.running.phones.index(stage.church_id, member.phone)
    reasons = []
    for failure in (Failure.UNREACHABLE, Failure.NOT_TEXTABLE):
        await fail(stage, failure)
        async with stage.running.database.transaction(stage.church_id) as session:
            reasons.append(await phone_facts.unreachable(session, stage.church_id, index))
    assert reasons == [None, "landline"]


async def test_a_phone_that_was_only_switched_off_is_texted_again(stage: Stage) -> None:
    await stage.member()
    await fail(stage, Failure.UNREACHABLE)
    assert (await stage.send()).total_recipients == 1


async def test_a_text_that_arrived_after_all_takes_it_back(stage: Stage) -> None:
    await stage.member()
    text_id = await fail(stage, Failure.INVALID_NUMBER)
    [text] = await stage.query("SELECT * FROM message_recipients WHERE id = :id", id=text_id)
    news = TextNews(
        recipient_id=text.id,
        status=DeliveryStatus.DELIVERED,
        at=clock.now(),
        carrier="telnyx",
        carrier_message_id=text.carrier_message_id,
    )
    async with stage.running.database.transaction(stage.church_id) as session:
        await text_updates.apply(session, stage.church_id, [news])

    assert (await stage.send()).total_recipients == 1


async def test_whoever_had_a_broadcast_is_greeted_once(stage: Stage) -> None:
    await stage.members(2)
    for _ in range(2):
        await stage.started()
        await stage.work()
        await stage.arrivals()
        await stage.hear(*await stage.told(MessageCompleted))
    greeted = await stage.query("SELECT fact FROM phone_facts")
    assert [row.fact for row in greeted] == ["greeted", "greeted"]
