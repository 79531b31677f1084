"""One broadcast, out and back."""

from koinonia.common.events.messaging import MessageCompleted, MessageCreated, MessageStarted

from .stage import Stage


async def test_a_broadcast_goes_out_and_its_reports_come_back(stage: Stage) -> None:
    await stage.members(5)

    sent = await stage.send("Service is at ten")
    assert (sent.status, sent.total_recipients) == ("pending", 5)
    await stage.approve(sent.id)
    await stage.work()
    await stage.arrivals()

    assert await stage.counted(sent.id) == {"delivered": 5}
    assert (await stage.message(sent.id)).status == "completed"
    assert stage.network.ledger.summary()["received"] == 5


async def test_each_step_is_told_once(stage: Stage) -> None:
    await stage.members(2)
    message_id = await stage.started()
    await stage.work()
    await stage.arrivals()

    told = await stage.told(MessageCreated, MessageStarted, MessageCompleted)

    assert [event.name for event in told] == [
        "message.created",
        "message.started",
        "message.completed",
    ]
    assert {event.message_id for event in told} == {message_id}  # type: ignore[attr-defined]
