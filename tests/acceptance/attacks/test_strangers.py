"""A5: somebody with an invented address, at the operator's expense."""

import asyncio

import httpx
import pytest
from tests.integration.churches import Church

from koinonia.common.testing.eventually import eventually
from koinonia.devkit.system import System

from .conftest import Founded, verify

ORDERS = 12
TO_ALL = {"content": "Hello", "targetType": "all"}
NEW = ("ADDRESS_NOT_VERIFIED", "SUBSCRIPTION_PENDING")


async def test_an_invented_address_orders_no_number(found: Founded) -> None:
    church = await found()
    answers = await asyncio.gather(*(_ordered(church) for _ in range(ORDERS)))
    assert {answer.status_code for answer in answers} == {403}
    assert await church.everything("/api/phone-numbers") == []


@pytest.mark.parametrize("path", ["messages/send", "schedules"])
async def test_an_invented_address_sends_nothing(found: Founded, path: str) -> None:
    church = await found(members=1)
    later = {"localTime": "2027-03-03T09:00:00", "timezone": "America/Chicago"}
    body = TO_ALL | ({"scheduledFor": later} if path == "schedules" else {})
    answer = await church.api.post(f"/api/{path}", json=body)
    sent = await church.everything("/api/messages")
    assert sent == []
    assert path == "schedules" or (answer.status_code, _code(answer)) == (403, NEW[0])


async def test_a_trial_has_one_number_however_many_are_ordered(
    system: System, found: Founded
) -> None:
    church = await found()
    await verify(system, church.email)
    await eventually(lambda: _is_known(church), 15)  # it has its number then
    for _ in range(3):
        answers = await asyncio.gather(*(_ordered(church) for _ in range(ORDERS)))
        assert {answer.status_code for answer in answers} == {409}
    assert len(await church.everything("/api/phone-numbers")) == 1


async def test_once_an_operator_knows_them_they_have_a_number_and_may_send(
    system: System, found: Founded
) -> None:
    church = await found(members=2)
    assert not (await church.get("/api/auth/me"))["church"]["isVerified"]
    await verify(system, church.email)
    assert (await church.get("/api/auth/me"))["church"]["isVerified"]
    await church.order_number()
    refused = await _ordered(church)
    assert (refused.status_code, _code(refused)) == (409, "NUMBER_LIMIT_REACHED")
    message = await church.settled((await church.send("Hello"))["id"])
    assert message["status"] == "completed"


async def test_a_trial_is_of_a_hundred_parts(found: Founded) -> None:
    church = await found()

    async def allowance() -> int:
        usage = await church.api.get("/api/billing/usage")
        return int(usage.json()["allowance"]) if usage.is_success else 0

    assert await eventually(allowance, 15) == 100


async def _ordered(church: Church) -> httpx.Response:
    return await church.api.post("/api/phone-numbers", json={"areaCode": "808"})


async def _is_known(church: Church) -> bool:
    """Everywhere, as one whose address is verified: a first order is taken."""
    answer = await _ordered(church)
    return answer.status_code == 202


def _code(answer: httpx.Response) -> str:
    return str(answer.json()["error"]["code"])
