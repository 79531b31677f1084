"""What a list, an event and a search show of the pictures and files of a line."""

from itertools import product
from typing import Any
from uuid import UUID

import httpx
import pytest

from koinonia.common import db, migrations
from koinonia.common.events.conversation import ConversationUpdated
from koinonia.common.testing import probe
from koinonia.common.testing.databases import Databases
from koinonia.common.testing.secrets import role_password
from koinonia.conversation.threads import media_summary
from koinonia.conversation.threads.media_summary import MediaKind, Summary

from .factories import hear, said, text, threads
from .truths import untrue
from .uploads import PDF, uploaded

URL = "https://media.example/1"


async def listed(api: httpx.AsyncClient) -> Any:
    [row] = (await api.get("/api/conversations")).json()["data"]
    return row["lastMessage"]["media"]


async def test_a_picture_without_words_is_no_empty_row(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    sent = text("", media_urls=[URL, URL + "2"], media_types=["image/jpeg", "IMAGE/PNG; x=1"])
    await hear(database, sent)
    expected = {"kind": "image", "count": 2}
    [event] = await said(database, ConversationUpdated)
    thread = (await api.get(f"/api/conversations/{event.conversation_id}")).json()
    assert await listed(api) == thread["lastMessage"]["media"] == expected
    assert event.media.model_dump() == expected


async def test_a_later_text_without_files_takes_its_place(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    await hear(database, text("", media_urls=[URL]), text("Thanks", minutes=1))
    assert await listed(api) is None
    await hear(database, text("", minutes=2, media_urls=[URL], media_types=["audio/amr"]))
    assert await listed(api) == {"kind": "audio", "count": 1}
    assert await untrue(database, church_id) == {}


async def test_a_search_shows_the_files_of_what_it_finds(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    sent = text("the parking plan", media_urls=[URL], media_types=["text/x-vcard"])
    await hear(database, sent, text("Thanks", minutes=1))
    [found] = (await api.get("/api/conversations/search?q=parking")).json()["data"]
    assert found["match"]["media"] == {"kind": "contact", "count": 1}
    assert found["conversation"]["lastMessage"]["media"] is None


async def test_what_staff_send_is_shown_by_its_uploads_and_by_its_addresses(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID, thread_id: UUID
) -> None:
    path = f"/api/conversations/{thread_id}/reply-with-media"
    await api.post(path, json={"mediaUrls": ["https://example.org/a/song.mp3?x=1"]})
    assert await listed(api) == {"kind": "audio", "count": 1}
    ids = [(await uploaded(api))["id"], (await uploaded(api, PDF, "plan.pdf"))["id"]]
    await api.post(path, json={"mediaIds": ids})
    assert await listed(api) == {"kind": "file", "count": 2}
    assert await untrue(database, church_id) == {}


async def test_what_was_there_before_is_counted_by_the_migration(
    databases: Databases, database: db.Database, church_id: UUID, api: httpx.AsyncClient
) -> None:
    await hear(database, text("", media_urls=[URL, URL + "2"]))
    [thread] = await threads(database, church_id)
    async with database.transaction(church_id) as session:
        await db.run(session, "UPDATE media_files SET content_type = 'image/gif'", {})
    path = f"/api/conversations/{thread.id}/reply-with-media"
    await api.post(path, json={"mediaUrls": ["https://example.org/map.PNG?v=2"]})
    await migrations.downgrade(databases.admin_url, "conversation", revision="conversation_0008")
    password = role_password(databases.admin_url)
    await migrations.upgrade(databases.admin_url, "conversation", password)
    async with database.transaction(church_id) as session:
        found = await probe.rows(
            session,
            """
            SELECT direction, media_kind, media_count FROM conversation_messages ORDER BY direction
            """,
        )
    assert [tuple(row) for row in found] == [("inbound", "image", 2), ("outbound", "image", 1)]
    assert await untrue(database, church_id) == {}


TYPES = {
    "image/heic": MediaKind.IMAGE,
    "audio/mp4": MediaKind.AUDIO,
    "video/3gpp": MediaKind.VIDEO,
    "text/vcard": MediaKind.CONTACT,
    "text/x-vCard; charset=utf-8": MediaKind.CONTACT,
    "application/pdf": MediaKind.FILE,
    "nonsense": MediaKind.FILE,
    None: MediaKind.FILE,
}


@pytest.mark.parametrize(("one", "other"), list(product(TYPES, TYPES)))
def test_any_two_files_are_of_one_kind_or_files(one: str | None, other: str | None) -> None:
    """Words and layouts beside them are neither."""
    kind = TYPES[one] if TYPES[one] == TYPES[other] else MediaKind.FILE
    beside = ["text/plain; charset=utf-8", "application/smil"]
    assert media_summary.by_declared([one, *beside, other]) == Summary(kind, 2)
    assert media_summary.by_declared(beside) == Summary(None, 0)
