"""Sending numbers that a church gives up: here at once, and at the carrier."""

from dataclasses import dataclass
from uuid import UUID

import httpx
import pytest

from koinonia.carriers import open_all
from koinonia.carriers.failures import CarrierFailure
from koinonia.common import clock, db
from koinonia.common.events.messaging import NumberReleased
from koinonia.common.identity import Role
from koinonia.common.testing import service
from koinonia.messaging.numbers import number_routes
from koinonia.messaging.program import PROGRAM

from .number_desk import PATH, Desk, desk

__all__ = ["desk"]


@dataclass
class Active:
    """A number that a church has."""

    id: UUID
    phone_number: str


async def active(desk: Desk) -> Active:
    number_id = await desk.asked()
    await desk.place(number_id)
    await desk.check()
    [number] = await desk.listed()
    return Active(number_id, number["phoneNumber"])


async def give_up(desk: Desk, number: Active) -> httpx.Response:
    return await desk.api.delete(f"{PATH}/{number.id}")


async def message(desk: Desk, number: Active, status: str, pending: int) -> None:
    """A message from this number, of which so many texts are still to be sent."""
    async with desk.running.database.transaction(desk.church_id) as session:
        await db.run(
            session,
            """
            INSERT INTO messages (id, church_id, kind, content, target_type, sender, carrier,
                                  status, total_recipients, pending_count, skipped_count,
                                  parts_estimated, created_by, created_at)
            VALUES (:id, :church, 'broadcast', 'Hello', 'all', :sender, 'telnyx', :status, 1,
                    :pending, 1 - :pending, 1, :id, now())
            """,
            {
                "id": db.uuid7(),
                "church": desk.church_id,
                "sender": number.phone_number,
                "status": status,
                "pending": pending,
            },
        )


async def tell_carrier(desk: Desk, number: Active) -> None:
    released = NumberReleased(
        church_id=desk.church_id,
        number_id=number.id,
        phone_number=number.phone_number,
        released_at=clock.now(),
    )
    await service.hear(PROGRAM, desk.running, released)


async def test_a_number_that_is_given_up_is_nobodys_here_and_at_the_carrier(desk: Desk) -> None:
    number = await active(desk)

    assert [(await give_up(desk, number)).status_code for _ in range(2)] == [204, 204]
    await tell_carrier(desk, number)

    assert await desk.statuses() == ["released"]
    assert (await desk.told()).count("number.released") == 1
    assert number.phone_number not in desk.network.numbers.owned
    async with desk.running.database.transaction() as session:
        assert await number_routes.owner(session, number.phone_number, clock.now()) is None


async def test_a_number_that_went_to_another_church_stays_theirs(desk: Desk) -> None:
    number = await active(desk)
    await give_up(desk, number)
    async with desk.running.database.transaction() as session:
        now = clock.now()
        await number_routes.begin(session, db.uuid7(), db.uuid7(), number.phone_number, now)

    await tell_carrier(desk, number)

    assert number.phone_number in desk.network.numbers.owned


async def test_while_the_carrier_is_away_the_number_waits_to_be_given_back(desk: Desk) -> None:
    number = await active(desk)
    await give_up(desk, number)
    away = desk.running.settings.model_copy(update={"telnyx_api_url": "http://127.0.0.1:1/v2"})
    there = desk.running.carriers
    async with open_all(away) as desk.running.carriers:
        with pytest.raises(CarrierFailure):
            await tell_carrier(desk, number)
    desk.running.carriers = there

    await tell_carrier(desk, number)

    assert number.phone_number not in desk.network.numbers.owned


@pytest.mark.parametrize(("status", "left", "answer"), [("paused", 1, 409), ("cancelled", 0, 204)])
async def test_a_number_is_kept_while_texts_are_to_be_sent_from_it(
    desk: Desk, status: str, left: int, answer: int
) -> None:
    number = await active(desk)
    await message(desk, number, status, left)

    refused = await give_up(desk, number)

    assert refused.status_code == answer
    assert answer == 204 or refused.json()["error"]["message"].startswith("1 message is being sent")


async def test_only_an_active_number_is_given_up_and_only_by_an_admin(
    desk: Desk,
) -> None:
    pending = Active(await desk.asked(), "")
    staff = service.token(desk.church_id, Role.STAFF)
    async with service.client(PROGRAM, desk.running, staff) as api:
        assert (await api.delete(f"{PATH}/{pending.id}")).status_code == 403
    answers = [await give_up(desk, number) for number in (pending, Active(db.uuid7(), ""))]
    assert [answer.status_code for answer in answers] == [409, 404]
    assert [answer.json()["error"]["code"] for answer in answers] == [
        "NUMBER_NOT_ACTIVE",
        "NUMBER_NOT_FOUND",
    ]
