"""What a thread shows beside its texts."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx

from koinonia.common import clock, db
from koinonia.common.events.auth import AdminRemoved, AdminUpdated

from .factories import START, admin, hear, messages, text, threads


async def put(database: db.Database, church_id: UUID, sql: str, **parameters: Any) -> None:
    async with database.transaction(church_id) as session:
        await db.run(session, sql, {"church": church_id, **parameters})


async def shown(api: httpx.AsyncClient, thread_id: UUID) -> Any:
    return (await api.get(f"/api/conversations/{thread_id}")).json()


async def replier(api: httpx.AsyncClient, database: db.Database, church_id: UUID) -> UUID:
    """The admin behind ``api``, who has answered the thread."""
    [thread] = await threads(database, church_id)
    await api.post(f"/api/conversations/{thread.id}/reply", json={"content": "Yes"})
    found: UUID = (await messages(database, church_id))[-1].admin_id
    return found


async def test_what_staff_wrote_bears_their_name_also_after_they_left(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID, thread_id: UUID
) -> None:
    admin_id = await replier(api, database, church_id)
    line = (await shown(api, thread_id))["messages"][-1]
    assert (line["source"], line["author"]["firstName"]) == ("staff", None)
    gone = AdminRemoved(church_id=church_id, admin_id=admin_id)
    await hear(database, admin(church_id, admin_id=admin_id), gone)
    line = (await shown(api, thread_id))["messages"][-1]
    assert line["author"] == {"id": str(admin_id), "firstName": "Ruth", "lastName": "Meyer"}


async def test_news_of_the_team_may_come_in_any_order(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID, thread_id: UUID
) -> None:
    admin_id = await replier(api, database, church_id)
    first = admin(church_id, "Ruht", admin_id=admin_id)
    renamed = AdminUpdated(
        church_id=church_id, admin_id=admin_id, role="staff", first_name="Ruth", last_name="Meyer"
    )
    gone = AdminRemoved(church_id=church_id, admin_id=admin_id)
    await hear(database, gone, renamed, first)
    line = (await shown(api, thread_id))["messages"][-1]
    assert line["author"]["firstName"] == "Ruth"


async def test_a_text_shows_the_broadcast_that_it_answers(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID, thread_id: UUID
) -> None:
    broadcast = db.uuid7()
    await put(
        database,
        church_id,
        """
        INSERT INTO understood_texts (church_id, carrier, carrier_message_id, meaning, message_id,
                                      message_text, message_sent_at)
        SELECT church_id, carrier, carrier_message_id, 'none', :broadcast, 'Picnic at 3', :at
          FROM conversation_messages
        """,
        broadcast=broadcast,
        at=START,
    )
    [line] = (await shown(api, thread_id))["messages"]
    assert line["answers"] == {
        "messageId": str(broadcast),
        "text": "Picnic at 3",
        "sentAt": "2026-03-01T12:00:00Z",
    }


async def test_a_file_has_an_address_of_ours_when_it_is_stored_and_the_carrier_s_before(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    origins = ["https://media.example/1.jpg", "https://media.example/2.jpg"]
    await hear(database, text(media_urls=origins))
    await put(
        database,
        church_id,
        """
        UPDATE media_files SET status = 'stored', content_type = 'image/jpeg', bytes = 1234,
                               store_key = 'a/b'
         WHERE church_id = :church AND origin_url = :origin
        """,
        origin=origins[0],
    )
    [thread] = await threads(database, church_id)
    [line] = (await shown(api, thread.id))["messages"]
    stored, pending = line["media"]
    assert (stored["contentType"], stored["bytes"], stored["status"]) == (
        "image/jpeg",
        1234,
        "stored",
    )
    assert f"/api/files/{stored['id']}?" in stored["url"]
    assert pending["url"] is None
    assert line["mediaUrls"] == [stored["url"], origins[1]]


async def test_replies_that_wait_for_their_time_are_shown_and_others_are_not(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID, thread_id: UUID
) -> None:
    for status, minutes in (("waiting", 2), ("waiting", 1), ("cancelled", 1)):
        await put(
            database,
            church_id,
            """
            INSERT INTO scheduled_replies (id, church_id, conversation_id, admin_id, content,
                                           send_at, status)
            VALUES (gen_random_uuid(), :church, :thread, gen_random_uuid(), :content, :at, :status)
            """,
            thread=thread_id,
            content=f"In {minutes}",
            at=clock.now() + timedelta(minutes=minutes),
            status=status,
        )
    waiting = (await shown(api, thread_id))["scheduledReplies"]
    assert [reply["content"] for reply in waiting] == ["In 1", "In 2"]
    assert set(waiting[0]) == {"id", "content", "mediaUrls", "sendAt", "createdAt", "author"}
