"""Billing's answer starts a message or ends it."""

from koinonia.common.events.billing import SpendDeclined
from koinonia.common.events.messaging import DeliveryUpdated, MessageCompleted, MessageStarted

from .stage import Stage


def declined(stage: Stage, message_id: object) -> SpendDeclined:
    return SpendDeclined.model_validate(
        {
            "churchId": stage.church_id,
            "messageId": message_id,
            "code": "ALLOWANCE_EXCEEDED",
            "reason": "This message needs 3 parts and 1 is left.",
        }
    )


async def test_nothing_is_sent_before_the_approval(stage: Stage) -> None:
    await stage.members(2)
    await stage.send()

    assert await stage.work() == 0
    assert stage.network.ledger.summary()["calls"] == {}


async def test_an_approval_told_again_starts_nothing_again(stage: Stage) -> None:
    await stage.members(2)
    message_id = await stage.started()
    await stage.approve(message_id)

    assert len(await stage.told(MessageStarted)) == 1
    assert await stage.work() == 1


async def test_a_declined_message_is_over_and_says_why(stage: Stage) -> None:
    await stage.members(3)
    sent = await stage.send()

    await stage.hear(declined(stage, sent.id))

    message = await stage.message(sent.id)
    assert (message.status, message.decline_code) == ("declined", "ALLOWANCE_EXCEEDED")
    assert await stage.counted(sent.id) == {"skipped": 3}
    assert len(await stage.told(MessageCompleted)) == 1


async def test_an_approval_after_a_decline_sends_nothing(stage: Stage) -> None:
    await stage.members(3)
    sent = await stage.send()
    await stage.hear(declined(stage, sent.id))

    await stage.approve(sent.id)

    assert await stage.work() == 0
    assert stage.network.ledger.summary()["calls"] == {}


async def test_a_decline_after_the_start_changes_nothing(stage: Stage) -> None:
    await stage.members(3)
    message_id = await stage.started()

    await stage.hear(declined(stage, message_id))

    assert (await stage.message(message_id)).status == "sending"


async def test_no_event_tells_of_more_than_500_texts(stage: Stage) -> None:
    await stage.members(1100)
    sent = await stage.send()

    await stage.hear(declined(stage, sent.id))

    told = await stage.told(DeliveryUpdated)
    assert [len(event.changes) for event in told] == [500, 500, 100]
