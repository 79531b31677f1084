"""Staff text a person first."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import httpx
import pytest

from koinonia.common import db, migrations
from koinonia.common.events.conversation import (
    ConversationsBegun,
    ConversationUpdated,
    ReplyRequested,
)
from koinonia.common.events.messaging import MemberOptedOut
from koinonia.common.identity import Role
from koinonia.common.runtime import Running
from koinonia.common.testing import phones as fictional
from koinonia.common.testing.databases import Databases
from koinonia.common.testing.secrets import role_password

from .calls import code
from .conftest import Client
from .factories import OURS, PHONES, THEIRS, assigned, at, hear, opted, released, said, text
from .messaging import Messaging, answering
from .truths import untrue

URL = "/api/conversations"
OTHER = fictional.phone(7)


@pytest.fixture
def messaging(running: Running) -> Iterator[Messaging]:
    with answering(running) as found:
        found.states[THEIRS] = "granted"
        yield found


async def begun(api: httpx.AsyncClient, **given: Any) -> Any:
    answer = await api.post(URL, json={"phone": THEIRS, **given})
    assert answer.is_success, answer.text
    return answer.json()


async def test_a_text_begins_a_conversation(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID, messaging: Messaging
) -> None:
    answer = await api.post(URL, json={"phone": "(201) 555-0101", "text": "Hello Ada"})

    assert answer.status_code == 201, answer.text
    shown = answer.json()
    assert (shown["phone"], shown["ourNumber"], shown["isNew"]) == (THEIRS, OURS, True)
    assert shown["lastMessage"]["content"] == "Hello Ada"
    assert shown["reply"]["status"] == "pending"
    [request] = await said(database, ReplyRequested)
    assert (PHONES.open(request.sealed_phone), request.text) == (THEIRS, "Hello Ada")
    assert (request.sender, request.begins) == (OURS, True)
    assert await untrue(database, church_id) == {}


async def test_without_a_text_there_is_an_empty_conversation_that_a_text_fills(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID, messaging: Messaging
) -> None:
    empty = await begun(api)

    assert (empty["lastMessage"], empty["reply"]) == (None, None)
    [listed] = (await api.get(URL)).json()["data"]
    assert (listed["id"], listed["lastMessage"]) == (empty["id"], None)
    [event] = await said(database, ConversationUpdated)
    assert (event.reason, event.previous_status, event.message_id) == ("begun", None, None)
    await hear(database, text("Hi", minutes=-60))  # received before the conversation was opened
    [listed] = (await api.get(URL)).json()["data"]
    assert (listed["id"], listed["lastMessage"]["content"]) == (empty["id"], "Hi")
    assert await untrue(database, church_id) == {}


async def test_a_conversation_that_is_there_goes_on(
    api: httpx.AsyncClient, database: db.Database, thread_id: UUID, messaging: Messaging
) -> None:
    messaging.states.clear()  # who has texted may be answered

    answer = await api.post(URL, json={"phone": THEIRS, "text": "And yet"})

    assert answer.status_code == 200, answer.text
    assert (answer.json()["id"], answer.json()["isNew"]) == (str(thread_id), False)
    [request] = await said(database, ReplyRequested)
    assert request.begins is False


async def test_a_member_is_texted_at_their_phone_with_the_rights_of_who_asks(
    api: httpx.AsyncClient, messaging: Messaging
) -> None:
    member_id = str(db.uuid7())
    messaging.members[member_id] = THEIRS

    shown = await api.post(URL, json={"memberId": member_id, "text": "Hello"})

    assert shown.json()["phone"] == THEIRS
    assert messaging.tokens == [api.headers["authorization"]]
    of_another = await api.post(URL, json={"memberId": str(db.uuid7())})
    assert code(of_another) == (404, "MEMBER_NOT_FOUND")


async def test_whoever_begins_it_members_learn_of_the_conversation_of_their_phone(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID, messaging: Messaging
) -> None:
    opened = await begun(api)
    await hear(database, text("Hi"), text("Hello", sender=OTHER))

    told = [each.conversations for each in await said(database, ConversationsBegun)]

    indexes = [PHONES.index(church_id, each) for each in (THEIRS, OTHER)]
    assert [one.phone_index for [one] in told] == indexes
    ids = [one.conversation_id for [one] in told]
    assert ids[0] == UUID(opened["id"])
    await api.post(f"{URL}/{ids[0]}/merge", json={"fromId": str(ids[1])})
    [latest] = (await said(database, ConversationsBegun))[-1].conversations
    assert (latest.conversation_id, latest.phone_index) == (ids[0], indexes[1])


async def test_the_same_key_begins_it_and_texts_once(
    api: httpx.AsyncClient, database: db.Database, messaging: Messaging
) -> None:
    given, key = {"phone": THEIRS, "text": "Hello"}, {"Idempotency-Key": "begin-1"}

    first, again = [await api.post(URL, json=given, headers=key) for _ in range(2)]

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert len(await said(database, ReplyRequested)) == 1


async def test_a_phone_that_stopped_is_not_texted_and_can_be_opened(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID, messaging: Messaging
) -> None:
    await hear(database, opted(MemberOptedOut, church_id))

    refused = await api.post(URL, json={"phone": THEIRS, "text": "Hello"})

    assert code(refused) == (409, "RECIPIENT_OPTED_OUT")
    assert (await api.get(URL)).json()["data"] == []
    assert (await begun(api))["optedOut"] is True


@pytest.mark.parametrize(
    ("phone", "expected"),
    [
        (OTHER, (409, "NO_CONSENT")),
        (fictional.phone(8), (409, "PHONE_NOT_TEXTABLE")),
        (fictional.phone(9), (409, "PHONE_NOT_TEXTABLE")),
        ("12", (400, "VALIDATION_ERROR")),
        ("+1 900 555 0142", (400, "VALIDATION_ERROR")),
        (OURS, (409, "OWN_NUMBER")),
    ],
)
async def test_a_phone_that_may_not_or_cannot_be_texted_is_refused(
    api: httpx.AsyncClient,
    database: db.Database,
    messaging: Messaging,
    phone: str,
    expected: tuple[int, str],
) -> None:
    messaging.unreachable = {fictional.phone(8): "landline", fictional.phone(9): "invalid"}

    refused = await api.post(URL, json={"phone": phone, "text": "Hello"})

    assert code(refused) == expected
    assert await said(database, ReplyRequested) == []


async def test_it_takes_a_number_of_the_church(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID, messaging: Messaging
) -> None:
    second = assigned(church_id, fictional.phone(3), at=at(0))
    await hear(database, second)

    chosen = await begun(api, fromNumberId=str(second.number_id))

    assert chosen["ourNumber"] == second.phone_number
    assert (await begun(api))["id"] == chosen["id"]  # the newest conversation with the phone
    unknown = await api.post(URL, json={"phone": THEIRS, "fromNumberId": str(db.uuid7())})
    assert code(unknown) == (404, "NUMBER_NOT_FOUND")
    await hear(database, released(second, at(1)))
    assert (await begun(api))["ourNumber"] == OURS


async def test_without_a_number_or_the_right_to_nothing_begins(
    client: Client, database: db.Database, church_id: UUID, messaging: Messaging
) -> None:
    async with client(db.uuid7()) as other:
        assert code(await other.post(URL, json={"phone": THEIRS})) == (409, "NO_ACTIVE_NUMBER")
    async with client(church_id, Role.VIEWER) as viewer:
        assert (await viewer.post(URL, json={"phone": THEIRS})).status_code == 403


async def test_nothing_begins_while_messaging_is_away(
    api: httpx.AsyncClient, messaging: Messaging
) -> None:
    messaging.is_away = True

    refused = await api.post(URL, json={"phone": THEIRS, "text": "Hello"})

    assert code(refused) == (503, "MESSAGING_AWAY")
    assert refused.headers["retry-after"] == "1"


async def test_two_empty_conversations_can_be_merged(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID, messaging: Messaging
) -> None:
    one, other = await begun(api), await begun(api, phone=OTHER)

    merged = await api.post(f"{URL}/{one['id']}/merge", json={"fromId": other["id"]})

    assert merged.status_code == 200, merged.text
    assert merged.json()["lastMessage"] is None
    assert await untrue(database, church_id) == {}


async def test_a_migration_tells_when_each_phone_texted_last(
    databases: Databases, database: db.Database, church_id: UUID
) -> None:
    lines = [text(minutes=1), text("Again", minutes=3), text("Late", minutes=2)]
    await hear(database, *lines, text(sender=OTHER, minutes=9))
    await migrations.downgrade(databases.admin_url, "conversation", revision="conversation_0020")
    password = role_password(databases.admin_url)
    await migrations.upgrade(databases.admin_url, "conversation", password)
    event = (await said(database, ConversationsBegun))[-1]
    heard = {each.phone_index: each.last_heard_at for each in event.conversations}
    indexes = [PHONES.index(church_id, each) for each in (THEIRS, OTHER)]
    assert heard == dict(zip(indexes, (at(3), at(9)), strict=True))
