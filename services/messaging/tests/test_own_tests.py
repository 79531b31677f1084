"""A test text: what a broadcast would look like, on the phone of who is about to send it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from datetime import datetime
from typing import Any
from uuid import UUID

import httpx
import pytest
import pytest_asyncio

from koinonia.common import clock, db
from koinonia.common.events.messaging import (
    DeliveryUpdated,
    MessageCompleted,
    MessageCreated,
    MessageKind,
    MessageStarted,
)
from koinonia.common.identity import Role
from koinonia.common.testing import service
from koinonia.messaging.broadcasts.accepting import own_tests
from koinonia.messaging.messages import last_broadcast
from koinonia.messaging.program import PROGRAM

from . import factories
from .person import PHONE, Person
from .stage import Stage

EMAIL = "naomi@example.org"
NIGHT = datetime.fromisoformat("2026-07-15T23:00:00-05:00")  # in Chicago


class Staff:
    """Somebody of the team, signed in with :data:`EMAIL`, and their own card."""

    def __init__(self, stage: Stage, api: httpx.AsyncClient, card: factories.Member) -> None:
        self.stage, self.api, self.card = stage, api, card

    async def ask(self, content: str = "Hello", **given: Any) -> httpx.Response:
        key = given.pop("key", None)
        body = {"content": content, "memberId": str(self.card.id)} | given
        headers = {"Idempotency-Key": key} if key else {}
        return await self.api.post("/api/messages/test", json=body, headers=headers)

    async def test(self, content: str = "Hello", **given: Any) -> UUID:
        answer = await self.ask(content, **given)
        assert answer.status_code == 202, answer.text
        return UUID(answer.json()["messageId"])

    async def arrives(self, message_id: UUID) -> list[str]:
        """What the phone has once billing approved."""
        await self.stage.approve(message_id)
        await self.stage.work()
        await self.stage.arrivals()
        record: Any = self.stage.network.ledger.phones.get(self.card.phone)
        return [receipt.text for receipt in record.receipts] if record else []

    async def listed(self, **params: Any) -> list[tuple[str, bool]]:
        answer = await self.api.get("/api/messages", params=params)
        return [(each["content"], each["isTest"]) for each in answer.json()["data"]]


@pytest_asyncio.fixture
async def clients(stage: Stage) -> AsyncIterator[Any]:
    async with AsyncExitStack() as opened:

        async def client(email: str | None = EMAIL, role: Role = Role.STAFF) -> httpx.AsyncClient:
            token = service.token(stage.church_id, role, email=email)
            return await opened.enter_async_context(service.client(PROGRAM, stage.running, token))

        yield client


async def card(stage: Stage, email: str | None = EMAIL, **given: Any) -> factories.Member:
    async with stage.running.database.transaction(stage.church_id) as session:
        return await factories.member(session, stage.church_id, email=email, **given)


@pytest_asyncio.fixture
async def staff(stage: Stage, clients: Any) -> Staff:
    naomi = await card(stage, first_name="Naomi", phone_number=PHONE)
    return Staff(stage, await clients(), naomi)


@pytest.fixture
def quiet_hours(theatre: Any) -> Iterator[None]:
    usual = theatre.settings
    theatre.settings = usual.model_copy(update={"quiet_hours": "enforced"})
    yield
    theatre.settings = usual


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


async def test_it_is_answered_like_a_send_of_one(staff: Staff) -> None:
    sent = (await staff.ask()).json()
    assert sent == {
        "kind": "message",
        "id": sent["id"],
        "messageId": sent["id"],
        "status": "pending",
        "totalRecipients": 1,
        "isTest": True,
    }
    shown = (await staff.api.get(f"/api/messages/{sent['id']}")).json()
    assert (shown["isTest"], shown["totalRecipients"]) == (True, 1)


async def test_it_reaches_ones_own_phone_and_says_what_a_broadcast_would(staff: Staff) -> None:
    await card(staff.stage, "ruth@example.org", first_name="Ruth")
    message_id = await staff.test("Dear {{firstName}}, see you on Sunday")
    assert await staff.arrives(message_id) == ["Dear Naomi, see you on Sunday"]
    assert await staff.stage.counted(message_id) == {"delivered": 1}


async def test_the_fields_may_take_the_values_of_somebody_else(staff: Staff) -> None:
    ruth = await card(staff.stage, "ruth@example.org", first_name="Ruth")
    message_id = await staff.test("Dear {{firstName}}", asMemberId=str(ruth.id))
    assert await staff.arrives(message_id) == ["Dear Ruth"]
    assert ruth.phone not in staff.stage.network.ledger.phones


async def test_a_text_that_is_long_for_somebody_else_costs_what_theirs_would(
    staff: Staff,
) -> None:
    name = "Maximiliana" * 9
    long = await card(staff.stage, None, first_name=name)
    words = "Dear {{firstName}}, " + "see you on Sunday. " * 5
    for as_member, parts in ((staff.card.id, 1), (long.id, 2)):
        message_id = await staff.test(words, asMemberId=str(as_member))
        assert (await staff.stage.message(message_id)).parts_estimated == parts


async def test_a_template_may_stand_in_the_place_of_words(staff: Staff) -> None:
    made = await staff.api.post(
        "/api/templates", json={"name": "Picnic", "content": "Picnic, {{firstName}}!"}
    )
    message_id = await staff.test("", templateId=made.json()["id"])
    assert await staff.arrives(message_id) == ["Picnic, Naomi!"]


async def test_it_comes_from_the_number_that_is_asked_for(staff: Staff) -> None:
    async with staff.stage.running.database.transaction(staff.stage.church_id) as session:
        second = await factories.active_number(session, staff.stage.church_id)
    message_id = await staff.test(fromNumberId=str(second.id))
    assert (await staff.stage.message(message_id)).sender == second.phone_number


@pytest.mark.parametrize("email", ["ruth@example.org", None, ""])
async def test_nobody_is_tested_on_the_phone_of_another(staff: Staff, email: str | None) -> None:
    other = await card(staff.stage, email)
    answer = await staff.ask(memberId=str(other.id))
    assert code(answer) == (409, "NOT_YOUR_CARD")
    assert await staff.stage.query("SELECT 1 FROM messages") == []


async def test_a_sign_in_that_tells_no_address_proves_nothing(staff: Staff, clients: Any) -> None:
    nameless = await card(staff.stage, None)
    stranger = Staff(staff.stage, await clients(None), nameless)
    assert code(await stranger.ask()) == (409, "NOT_YOUR_CARD")
    assert code(await stranger.ask(memberId=str(staff.card.id))) == (409, "NOT_YOUR_CARD")


async def test_an_address_is_the_same_in_capitals(stage: Stage, clients: Any) -> None:
    written = await card(stage, "Naomi@Example.org ")
    assert (await Staff(stage, await clients(), written).ask()).status_code == 202


@pytest.mark.parametrize("field", ["memberId", "asMemberId"])
async def test_a_card_that_does_not_exist_is_named(staff: Staff, field: str) -> None:
    answer = await staff.ask(**{field: str(db.uuid7())})
    assert code(answer) == (404, "MEMBER_NOT_FOUND")


async def test_nobody_of_another_church_lends_values(staff: Staff, theatre: Any) -> None:
    async with theatre.database.transaction() as session:
        elsewhere = await factories.church(session, "Hope Hall")
        stranger = await factories.member(session, elsewhere, email=EMAIL)
    for field in ("memberId", "asMemberId"):
        answer = await staff.ask(**{field: str(stranger.id)})
        assert code(answer) == (404, "MEMBER_NOT_FOUND")


async def test_a_viewer_sends_none(staff: Staff, clients: Any) -> None:
    viewer = Staff(staff.stage, await clients(role=Role.VIEWER), staff.card)
    assert (await viewer.ask()).status_code == 403


async def test_consent_holds_for_oneself(stage: Stage, clients: Any) -> None:
    silent = await card(stage, consents=False)
    answer = await Staff(stage, await clients(), silent).ask()
    assert code(answer) == (422, "NO_REACHABLE_MEMBERS")
    assert answer.json()["error"]["details"] == {"noConsent": 1}


async def test_who_stopped_gets_no_test(staff: Staff) -> None:
    await staff.stage.opt_out(PHONE)
    answer = await staff.ask()
    assert answer.json()["error"]["details"] == {"optedOut": 1}


@pytest.mark.parametrize(
    ("says", "failure"), [("STOP", "opted_out"), ("no more messages please", "stop_asked")]
)
async def test_a_stop_that_comes_before_it_leaves_holds(
    staff: Staff, says: str, failure: str
) -> None:
    [number] = await staff.stage.query("SELECT phone_number FROM phone_numbers")
    message_id = await staff.test()
    await Person(staff.stage, number.phone_number).says(says)
    await staff.stage.approve(message_id)
    await staff.stage.work()
    [text] = await staff.stage.texts(message_id)
    assert (text.status, text.failure) == ("skipped", failure)


async def test_a_church_that_is_not_verified_tests_nothing(staff: Staff) -> None:
    async with staff.stage.running.database.transaction(staff.stage.church_id) as session:
        await db.run(
            session,
            "DELETE FROM verified_churches WHERE church_id = :id",
            {"id": staff.stage.church_id},
        )
    assert code(await staff.ask()) == (403, "ADDRESS_NOT_VERIFIED")


@pytest.mark.usefixtures("quiet_hours")
async def test_it_leaves_at_night_for_it_was_asked_for(staff: Staff) -> None:
    message_id = await staff.test()
    await staff.stage.approve(message_id)
    with clock.freeze(NIGHT):
        await staff.stage.work()
    assert await staff.stage.counted(message_id) == {"sending": 1}


async def test_it_keeps_no_weekly_budget_and_uses_none(staff: Staff, clients: Any) -> None:
    owner = await clients(role=Role.OWNER)
    assert (await owner.patch("/api/texting-rules", json={"weeklyBudget": 1})).status_code == 200
    await staff.test()
    assert (await staff.stage.send()).total_recipients == 1
    await staff.test()
    assert len(await staff.listed(includeTests=True)) == 3


async def test_it_is_in_no_list_of_broadcasts_unless_asked_for(staff: Staff) -> None:
    await staff.stage.send("For all")
    await staff.test("For me")
    assert await staff.listed() == [("For all", False)]
    assert await staff.listed(includeTests=True) == [("For me", True), ("For all", False)]
    assert await staff.listed(includeTests=True, status="paused") == []


async def test_the_conversation_of_the_phone_has_it_too(staff: Staff) -> None:
    message_id = await staff.test("For me")
    await staff.arrives(message_id)
    answer = await staff.api.get("/api/messages/received", params={"phone": PHONE})
    assert [(each["content"], each["isTest"]) for each in answer.json()["data"]] == [
        ("For me", True)
    ]
    [number] = await staff.stage.query("SELECT phone_number FROM phone_numbers")
    async with staff.stage.running.database.transaction(staff.stage.church_id) as session:
        last = await last_broadcast.sent_to(
            session,
            staff.stage.church_id,
            staff.card.phone_index,
            number.phone_number,
            clock.now(),
        )
    assert last
    assert last.id == message_id


async def test_all_that_is_told_of_it_says_that_it_is_a_test(staff: Staff) -> None:
    await staff.arrives(await staff.test())
    told = await staff.stage.told(MessageCreated, MessageStarted, DeliveryUpdated, MessageCompleted)
    assert len(told) >= 4
    assert {each.kind for each in told} == {MessageKind.TEST}


async def test_after_a_test_the_first_broadcast_is_still_the_first(staff: Staff) -> None:
    await staff.arrives(await staff.test())
    [completed] = await staff.stage.told(MessageCompleted)
    await staff.stage.hear(completed)
    assert await staff.stage.query("SELECT 1 FROM phone_facts WHERE fact = 'greeted'") == []


async def test_the_same_request_is_one_test(staff: Staff) -> None:
    first, second = [(await staff.ask(key="one")).json() for _ in range(2)]
    assert first == second
    assert len(await staff.listed(includeTests=True)) == 1


async def test_twenty_a_day_and_no_more(staff: Staff, clients: Any) -> None:
    answers = await asyncio.gather(*(staff.ask() for _ in range(own_tests.MOST + 2)))
    assert sorted(each.status_code for each in answers) == [202] * own_tests.MOST + [429] * 2
    refused = next(each for each in answers if each.status_code == 429)
    seconds = refused.json()["error"]["details"]["retryAfter"]
    assert code(refused) == (429, "TOO_MANY_TESTS")
    assert refused.headers["Retry-After"] == str(seconds)
    assert 86_000 < seconds <= 86_400
    colleague = Staff(staff.stage, await clients(), staff.card)
    assert (await colleague.ask()).status_code == 202


async def test_a_test_of_yesterday_counts_no_more(staff: Staff) -> None:
    for _ in range(own_tests.MOST):
        await staff.test()
    assert (await staff.ask()).status_code == 429
    await staff.stage.run(
        """
        UPDATE messages SET created_at = created_at - interval '1 day'
         WHERE id = (SELECT id FROM messages ORDER BY id LIMIT 1)
        """
    )
    assert (await staff.ask()).status_code == 202
    assert (await staff.ask()).status_code == 429
