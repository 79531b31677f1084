"""A person's card leads to the conversation with their phone."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
from hypothesis import given
from hypothesis import strategies as st

from koinonia.common import db
from koinonia.common.events.conversation import ConversationsBegun, PhoneConversation
from koinonia.common.testing import service
from koinonia.common.testing.properties import on_servers
from koinonia.messaging.inbound import heard_phones
from koinonia.messaging.program import PROGRAM

from . import factories
from .stage import Stage

START = datetime(2026, 3, 1, tzinfo=UTC)


def at(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


def begun(church_id: UUID, phone: str, conversation_id: UUID, minutes: int) -> ConversationsBegun:
    one = PhoneConversation(
        conversation_id=conversation_id,
        phone_index=factories.PHONES.index(church_id, phone),
        since=at(minutes),
    )
    return ConversationsBegun(church_id=church_id, conversations=[one])


async def shown(api: httpx.AsyncClient, member_id: UUID) -> Any:
    return (await api.get(f"/api/members/{member_id}")).json()["conversationId"]


async def test_a_member_leads_to_the_newest_conversation_of_their_phone(stage: Stage) -> None:
    member, other = await stage.member(), await stage.member()
    one, two = db.uuid7(), db.uuid7()
    async with service.client(PROGRAM, stage.running, service.token(stage.church_id)) as api:
        assert await shown(api, member.id) is None
        await stage.hear(begun(stage.church_id, member.phone, two, 2))
        await stage.hear(begun(stage.church_id, member.phone, one, 1))
        assert await shown(api, member.id) == str(two)
        listed = (await api.get("/api/members")).json()["data"]
        leads = {each["id"]: each["conversationId"] for each in listed}
        assert leads == {str(member.id): str(two), str(other.id): None}


async def test_texts_of_before_count_as_heard_and_undo_no_later_one(stage: Stage) -> None:
    member = await stage.member()
    index = factories.PHONES.index(stage.church_id, member.phone)
    async with service.client(PROGRAM, stage.running, service.token(stage.church_id)) as api:

        async def told(*minutes: int) -> Any:
            event = begun(stage.church_id, member.phone, db.uuid7(), 0)
            [one] = event.conversations
            texts = [one.model_copy(update={"last_heard_at": at(each)}) for each in minutes]
            await stage.hear(event.model_copy(update={"conversations": texts}))
            return (await api.get(f"/api/members/{member.id}")).json()["lastHeardFrom"]

        assert await told(3, 5, 4) == "2026-03-01T00:05:00Z"
        async with stage.running.database.transaction(stage.church_id) as session:
            await heard_phones.record(session, stage.church_id, index, at(8))
        assert await told(7) == "2026-03-01T00:08:00Z"


@on_servers(examples=10)
@given(minutes=st.lists(st.integers(0, 3), min_size=1, max_size=5), data=st.data())
async def test_it_is_the_same_in_whatever_order_and_however_often_it_is_heard(
    stage: Stage, minutes: list[int], data: st.DataObject
) -> None:
    phone = factories.phone()
    index = factories.PHONES.index(stage.church_id, phone)
    heard = [begun(stage.church_id, phone, db.uuid7(), minute) for minute in minutes]
    again = [event.model_copy(update={"id": db.uuid7()}) for event in heard]

    for event in data.draw(st.permutations(heard + again)):
        await stage.hear(event)

    [kept] = await stage.query(
        "SELECT conversation_id FROM phone_conversations WHERE phone_index = :index", index=index
    )
    begun_last = max(
        (one.since, one.conversation_id) for event in heard for one in event.conversations
    )
    assert kept.conversation_id == begun_last[1]
