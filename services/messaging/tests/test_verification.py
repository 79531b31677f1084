"""Before an owner's mail address is verified, a church gets no number and sends no broadcast."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
import pytest_asyncio

from koinonia.common import clock, db, migrations
from koinonia.common.events.auth import ChurchVerified
from koinonia.common.events.conversation import ReplyRequested
from koinonia.common.events.ingress import CarrierMessageReceived
from koinonia.common.testing import probe, service
from koinonia.common.testing.databases import Databases
from koinonia.common.testing.secrets import role_password
from koinonia.messaging import verification
from koinonia.messaging.program import PROGRAM

from . import factories
from .conftest import Client
from .desk import Desk

CODE = "ADDRESS_NOT_VERIFIED"


@pytest_asyncio.fixture
async def stranger(house: Any, client: Client) -> Desk:
    """A church that is not verified, although it has a number and a member."""
    async with house.database.transaction() as session:
        church_id = await factories.church(session, is_verified=False)
        await factories.active_number(session, church_id)
        await factories.member(session, church_id)
    return Desk(house, church_id, client(church_id))


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


async def verify(desk: Desk) -> None:
    await service.hear(PROGRAM, desk.house, ChurchVerified(church_id=desk.church_id))


async def test_no_number_is_ordered_before(stranger: Desk) -> None:
    answer = await stranger.api.post("/api/phone-numbers", json={"areaCode": "202"})
    assert code(answer) == (403, CODE)
    assert "verified" in answer.json()["error"]["message"]


async def test_no_broadcast_is_sent_before_whoever_asks(stranger: Desk) -> None:
    before = await stranger.rows()
    emergency = {"emergency": {"reason": "Tornado"}, "priority": "high"}
    answers = [
        await stranger.post("send", "Hello"),
        await stranger.post("send", "Go!", **emergency),
    ]
    assert [code(answer) for answer in answers] == [(403, CODE)] * 2
    assert await stranger.rows() == before


async def test_a_preview_is_shown_and_warns(stranger: Desk) -> None:
    assert CODE in await stranger.codes("Hello")
    await verify(stranger)
    assert CODE not in await stranger.codes("Hello")


async def test_a_schedule_may_be_drafted(stranger: Desk) -> None:
    at = clock.now() + timedelta(days=1)
    drafted = await stranger.post("send", "Hello", scheduledAt=at.isoformat())
    assert drafted.status_code == 202, drafted.text


async def test_answers_to_what_people_text_are_for_every_church(stranger: Desk) -> None:
    asked = ReplyRequested(
        church_id=stranger.church_id,
        reply_id=db.uuid7(),
        conversation_id=db.uuid7(),
        sender=await number(stranger),
        sealed_phone=factories.PHONES.seal(factories.phone()),
        text="We meet at nine.",
    )
    await service.hear(PROGRAM, stranger.house, asked)
    assert await kinds(stranger) == ["reply"]


@pytest.mark.parametrize("word", ["STOP", "HELP"])
async def test_what_the_law_asks_for_is_confirmed_by_every_church(
    stranger: Desk, word: str
) -> None:
    received = CarrierMessageReceived(
        carrier="telnyx",
        carrier_message_id=str(db.uuid7()),
        to=await number(stranger),
        sealed_sender=factories.PHONES.seal(factories.phone()),
        text=word,
        received_at=clock.now(),
    )
    await service.hear(PROGRAM, stranger.house, received)
    assert await kinds(stranger) == ["confirmation"]


async def test_a_verified_church_stays_so_in_whatever_order_the_events_come(
    stranger: Desk,
) -> None:
    await verify(stranger)
    await verify(stranger)
    assert (await stranger.post("send", "Hello")).status_code == 202


async def number(desk: Desk) -> str:
    async with desk.house.database.transaction(desk.church_id) as session:
        found = await probe.first(session, "SELECT phone_number FROM phone_numbers")
    assert found is not None
    return str(found.phone_number)


async def kinds(desk: Desk) -> list[str]:
    async with desk.house.database.transaction(desk.church_id) as session:
        found = await probe.rows(session, "SELECT kind FROM messages")
    return [row.kind for row in found]


async def test_churches_from_before_that_have_a_number_count_as_verified(
    databases: Databases,
) -> None:
    database = db.Database(databases.url("messaging"), pool_size=1)
    async with database.transaction() as session:
        texting = await factories.church(session, is_verified=False)
        await factories.active_number(session, texting)
        new = await factories.church(session, is_verified=False)
    url = databases.admin_url
    await migrations.downgrade(url, "messaging", revision="messaging_0015")
    await migrations.upgrade(url, "messaging", role_password(url))
    verified = []
    for church_id in (texting, new):
        async with database.transaction(church_id) as session:
            verified.append(await verification.is_verified(session, church_id))
    await database.close()
    assert verified == [True, False]
