"""One text to many: it reaches each phone once, and everybody's figures agree."""

from typing import Any

from koinonia.common.testing.eventually import eventually

from .conftest import Founded
from .network import Network

HELLO = "Service starts at 10 on Sunday, coffee at 9:30."


async def test_a_message_to_500_reaches_500_phones_once_each_and_every_report_comes_back(
    found: Founded, phones: Network
) -> None:
    church = await found(members=500)
    before = await phones.received(church.phones)
    await phones.turn(final_after=0.3, duplicate_share=0.05)
    sent = await church.send(HELLO)
    message = await church.settled(sent["id"])
    assert message["counts"] == counts(delivered=500)
    assert await phones.received(church.phones) == [each + 1 for each in before]
    await phones.rest()
    used = await eventually(lambda: _nothing_reserved(church))
    assert used["used"] == message["parts"]["billed"] == 500
    stats = await eventually(lambda: _dashboard_of(church, message))
    assert (stats["messages"], stats["recipients"], stats["deliveryRate"]) == (1, 500, 1.0)
    recipients = await church.everything(f"/api/messages/{sent['id']}/recipients")
    assert sorted(each["phone"] for each in recipients) == sorted(church.phones)


async def test_who_cannot_be_reached_is_counted_as_failed_with_a_reason(
    found: Founded, phones: Network
) -> None:
    church = await found(members=5)
    unreachable, silent = church.phones[:2]
    await phones.turn(outcomes={unreachable: "40008", silent: "unconfirmed"})
    message = await church.settled((await church.send(HELLO))["id"])
    assert message["counts"] == counts(delivered=3, failed=1, unconfirmed=1)
    [failed] = await church.everything(f"/api/messages/{message['id']}/recipients", status="failed")
    assert failed["phone"] == unreachable
    assert failed["failure"]["message"]


async def test_who_said_stop_is_left_out_until_they_say_start(
    found: Founded, phones: Network
) -> None:
    church = await found(members=4)
    stopped = church.phones[0]
    await phones.text(stopped, church.number, "STOP")
    await eventually(lambda: _is_opted_out(church, stopped, True), 10)
    message = await church.settled((await church.send(HELLO))["id"])
    assert (message["totalRecipients"], message["excluded"]["optedOut"]) == (3, 1)
    assert await phones.texts(stopped) == []
    await phones.text(stopped, church.number, "START")
    await eventually(lambda: _is_opted_out(church, stopped, False), 10)
    message = await church.settled((await church.send("Welcome back."))["id"])
    assert message["totalRecipients"] == 4


async def test_the_same_idempotency_key_is_one_message(found: Founded, phones: Network) -> None:
    church = await found(members=2)
    body = {"content": HELLO, "targetType": "all"}
    headers = {"Idempotency-Key": "sunday-morning"}
    answers = [
        await church.api.post("/api/messages/send", json=body, headers=headers) for _ in "ab"
    ]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json() == answers[1].json()
    await church.settled(answers[0].json()["id"])
    await phones.rest()
    assert [await phones.texts(each) for each in church.phones] == [[HELLO], [HELLO]]
    other = body | {"content": "Something else."}
    refused = await church.api.post("/api/messages/send", json=other, headers=headers)
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")


async def test_more_than_the_allowance_is_declined_with_a_sentence_and_nothing_is_sent(
    found: Founded, phones: Network
) -> None:
    church = await found(members=520)
    long = "Dear friends, " + "we look forward to seeing every one of you. " * 34  # 10 parts
    message = await church.settled((await church.send(long))["id"])
    assert message["status"] == "declined"
    assert message["declined"]["code"] == "ALLOWANCE_EXCEEDED"
    assert "5,200 parts" in message["declined"]["reason"]
    await phones.rest()
    ledger = (await phones.ledger())["phones"]
    assert not [each for each in church.phones if each in ledger]
    usage = await church.get("/api/billing/usage")
    assert (usage["used"], usage["reserved"], usage["remaining"]) == (0, 0, 5000)


async def test_a_church_without_a_number_is_told_to_order_one(found: Founded) -> None:
    church = await found(number=False, members=1)
    body = {"content": HELLO, "targetType": "all"}
    answer = await church.api.post("/api/messages/send", json=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "NO_ACTIVE_NUMBER")
    assert (await church.get("/api/messages"))["data"] == []


def counts(**some: int) -> dict[str, int]:
    every = ("pending", "sending", "sent", "delivered", "failed", "unconfirmed", "skipped")
    return {name: some.get(name, 0) for name in every}


async def _nothing_reserved(church: Any) -> dict[str, Any] | None:
    usage: dict[str, Any] = await church.get("/api/billing/usage")
    return usage if usage["reserved"] == 0 else None


async def _dashboard_of(church: Any, message: dict[str, Any]) -> dict[str, Any] | None:
    stats: dict[str, Any] = await church.get("/api/analytics/stats")
    return stats if stats["recipientsByStatus"] == message["counts"] else None


async def _is_opted_out(church: Any, phone: str, expected: bool) -> bool:
    members = await church.everything("/api/members", search=phone)
    return [each["optedOut"] for each in members] == [expected]
