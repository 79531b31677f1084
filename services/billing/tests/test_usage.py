from datetime import timedelta

import pytest

from koinonia.billing.program import PROGRAM
from koinonia.common import clock, db
from koinonia.common.runtime import Running
from koinonia.common.testing import service

from . import factories
from .conftest import Client


async def ask(client: Client, token: str | None) -> tuple[int, dict[str, object]]:
    async with client(token) as http:
        answer = await http.get("/api/billing/usage")
    return answer.status_code, answer.json()


async def test_usage_is_the_plan_its_period_and_what_is_gone_of_it(
    running: Running, client: Client
) -> None:
    church_id = await factories.church(running.database, allowance=5_000)
    message = factories.created(church_id, parts=500)
    report = factories.reported(church_id, message.message_id, parts=200, cost="0.8")
    await factories.hear(running.database, message, report)
    status, usage = await ask(client, service.token(church_id))
    period = usage.pop("period")
    assert isinstance(period, dict)
    assert set(period) == {"startsAt", "endsAt"}
    assert (status, usage) == (
        200,
        {
            "plan": "trial",
            "planName": "Trial",
            "status": "trialing",
            "allowance": 5_000,
            "used": 200,
            "reserved": 300,
            "remaining": 4_500,
            "partPrice": "0.00000",
            "cost": "0.800000",
            "currency": "USD",
            "numberLimit": 1,
            "messages": 1,
        },
    )


async def test_a_declined_message_is_not_counted(running: Running, client: Client) -> None:
    church_id = await factories.church(running.database, allowance=10)
    message = factories.created(church_id, parts=11)
    end = factories.completed(church_id, message.message_id)
    await factories.hear(running.database, message, end)
    _, usage = await ask(client, service.token(church_id))
    assert (usage["messages"], usage["reserved"]) == (0, 0)


async def test_a_church_sees_its_own_usage_only(running: Running, client: Client) -> None:
    ours, theirs = [await factories.church(running.database) for _ in range(2)]
    await factories.hear(running.database, factories.created(theirs, parts=500))
    _, usage = await ask(client, service.token(ours))
    assert (usage["reserved"], usage["messages"]) == (0, 0)


async def test_usage_in_a_new_period_starts_from_nothing(running: Running, client: Client) -> None:
    church_id = await factories.church(running.database)
    message = factories.created(church_id, parts=5)
    await factories.hear(
        running.database, message, factories.reported(church_id, message.message_id, parts=5)
    )
    await factories.change(running.database, church_id, status="active")
    with clock.shift(timedelta(days=32)):
        _, usage = await ask(client, service.token(church_id))
    assert (usage["used"], usage["messages"], usage["cost"]) == (0, 0, "0")


async def test_a_church_whose_registration_is_under_way_is_asked_to_try_again(
    client: Client,
) -> None:
    status, body = await ask(client, service.token(db.uuid7()))
    assert status == 409
    error = body["error"]
    assert error["code"] == "SUBSCRIPTION_PENDING"
    assert error["message"] == "Your plan is being set up. Try again in a second."


@pytest.mark.parametrize("token", [None, "forged", "expired"])
async def test_without_a_good_token_there_is_no_usage(client: Client, token: str | None) -> None:
    if token == "expired":
        token = service.token(db.uuid7(), expires_in=timedelta(minutes=-1))
    status, _ = await ask(client, token)
    assert status == 401


async def test_the_interface_describes_usage() -> None:
    schema = service.document(PROGRAM)
    assert "/api/billing/usage" in schema["paths"]
