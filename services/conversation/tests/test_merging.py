"""Two threads labelled one."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx

from koinonia.common import clock, db
from koinonia.common.events.conversation import ConversationUpdated
from koinonia.common.testing import phones, probe

from .calls import code, labelled
from .factories import hear, messages, said, text, threads

OLD, NEW = phones.phone(1), phones.phone(2)


async def pair(database: db.Database, church_id: UUID) -> tuple[UUID, UUID]:
    """The thread of a new phone and that of the old one, which has the newer text."""
    await hear(
        database,
        text("New one", sender=NEW, minutes=1),
        text("Old one", sender=OLD, minutes=0),
        text("Old two", sender=OLD, minutes=2),
    )
    new, old = await threads(database, church_id)
    return new.id, old.id


async def merged(api: httpx.AsyncClient, into: UUID, gone: UUID) -> httpx.Response:
    return await api.post(f"/api/conversations/{into}/merge", json={"fromId": str(gone)})


async def truth(database: db.Database, church_id: UUID) -> list[Any]:
    """What each thread says, beside what its rows say."""
    async with database.transaction(church_id) as session:
        return await probe.rows(
            session,
            """
            SELECT c.unread_count, count(*) FILTER (WHERE NOT m.is_read) AS unread_rows,
                   c.last_message_id,
                   (array_agg(m.id ORDER BY m.occurred_at DESC, m.id DESC)
                    FILTER (WHERE m.direction <> 'note'))[1] AS newest_id
              FROM conversations c LEFT JOIN conversation_messages m ON m.conversation_id = c.id
             GROUP BY c.id
            """,
        )


async def holds(database: db.Database, church_id: UUID) -> bool:
    rows = await truth(database, church_id)
    return all(
        (row.unread_count, row.last_message_id) == (row.unread_rows, row.newest_id) for row in rows
    )


async def test_everything_of_the_other_thread_moves_and_its_id_leads_here(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    into, gone = await pair(database, church_id)
    labels = [(await labelled(api, name))["id"] for name in ("Prayer", "Visit")]
    await api.put(f"/api/conversations/{into}/labels", json={"labelIds": labels[:1]})
    await api.put(f"/api/conversations/{gone}/labels", json={"labelIds": labels})
    await api.post(f"/api/conversations/{gone}/notes", json={"content": "Has a new phone"})
    until = (clock.now() + timedelta(days=1)).isoformat()
    for each in (into, gone):
        await api.post(f"/api/conversations/{each}/snooze", json={"until": until})
    answer = await merged(api, into, gone)
    assert (answer.status_code, answer.json()["unreadCount"]) == (200, 3)
    shown = (await api.get(f"/api/conversations/{gone}")).json()
    assert (shown["id"], shown["phone"], shown["status"]) == (str(into), NEW, "open")
    assert [line["content"] for line in shown["messages"]] == [
        "Old one",
        "New one",
        "Old two",
        "Has a new phone",
    ]
    assert [label["name"] for label in shown["labels"]] == ["Prayer", "Visit"]
    assert shown["lastMessage"]["content"] == "Old two"
    assert await holds(database, church_id)
    async with database.transaction() as session:
        assert await probe.rows(session, "SELECT id FROM due_work") == []


async def test_both_ids_are_told_of_once(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    into, gone = await pair(database, church_id)
    for _ in range(2):
        assert (await merged(api, into, gone)).status_code == 200
    told = [each for each in await said(database, ConversationUpdated) if each.reason == "merged"]
    assert [(each.conversation_id, each.status, each.merged_into_id) for each in told] == [
        (gone, "merged", into),
        (into, "open", None),
    ]
    refused = await api.patch(f"/api/conversations/{gone}/read")
    assert code(refused) == (404, "CONVERSATION_NOT_FOUND")
    assert refused.json()["error"]["details"] == {"id": str(into)}
    assert (await merged(api, into, into)).status_code == 400


async def test_a_thread_that_took_others_in_leads_on_when_it_is_merged_itself(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    second, first = await pair(database, church_id)
    await hear(database, text("Third", sender=phones.phone(3), minutes=3))
    third = (await threads(database, church_id))[-1].id
    await merged(api, second, first)
    await merged(api, third, second)
    for each in (first, second):
        assert (await api.get(f"/api/conversations/{each}")).json()["id"] == str(third)
    assert len(await messages(database, church_id)) == 4
    assert await holds(database, church_id)


async def test_a_later_text_from_the_old_phone_begins_a_new_thread(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    into, gone = await pair(database, church_id)
    twin = text("Old one", sender=OLD, carrier_message_id="same")
    await hear(database, twin)
    await merged(api, into, gone)
    await hear(database, twin.model_copy(update={"id": db.uuid7()}))
    assert len(await threads(database, church_id)) == 1  # a twin begins none
    await hear(database, text("Me again", sender=OLD, minutes=9))
    assert len(await threads(database, church_id)) == 2
    assert await holds(database, church_id)


async def test_two_merges_that_cross_lose_nothing(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    one, other = await pair(database, church_id)
    answers = await asyncio.gather(merged(api, one, other), merged(api, other, one))
    assert sorted(each.status_code for each in answers) == [200, 404]
    assert len(await threads(database, church_id)) == 1
    assert len(await messages(database, church_id)) == 3
    assert await holds(database, church_id)


async def test_a_text_that_comes_while_its_thread_is_merged_is_not_lost(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    into, gone = await pair(database, church_id)
    texts = [text(f"{n}", sender=OLD, minutes=3 + n) for n in range(6)]
    await asyncio.gather(*(hear(database, each) for each in texts), merged(api, into, gone))
    assert len(await messages(database, church_id)) == 9
    assert await holds(database, church_id)
