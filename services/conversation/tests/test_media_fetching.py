"""The files of inbound texts, from a carrier's store over real HTTP."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from koinonia.common import clock, db
from koinonia.common.events.conversation import ConversationUpdated
from koinonia.common.runtime import Running
from koinonia.common.testing import probe, service
from koinonia.common.testing.databases import Databases
from koinonia.common.testing.eventually import eventually
from koinonia.conversation.media import inbound_files
from koinonia.conversation.program import PROGRAM

from .carrier_media import Store, picture
from .factories import hear, said, text, threads


@pytest_asyncio.fixture
async def carrier() -> AsyncIterator[Store]:
    async with Store().serving() as store:
        yield store


@pytest_asyncio.fixture
async def running(
    databases: Databases, redis_url: str, rabbitmq_url: str, carrier: Store, tmp_path: Path
) -> AsyncIterator[Running]:
    servers = {"redis_url": redis_url, "rabbitmq_url": rabbitmq_url, "bus_namespace": "unused."}
    ours = {"media_folder": tmp_path / "media", "media_allowed_hosts": (carrier.host,)}
    async with service.opened(PROGRAM, databases, servers, **ours) as opened:
        yield opened


async def files(database: db.Database, church_id: UUID) -> list[Any]:
    async with database.transaction(church_id) as session:
        return await probe.rows(session, "SELECT * FROM media_files ORDER BY position, id")


async def due(database: db.Database) -> list[Any]:
    async with database.transaction() as session:
        return await probe.rows(session, "SELECT * FROM due_work WHERE kind = 'media'")


async def make_due(database: db.Database) -> None:
    async with database.transaction() as session:
        await db.run(session, "UPDATE due_work SET due_at = now() - interval '1 s'", {})


async def test_a_picture_that_came_with_a_text_is_kept_and_the_thread_told(
    running: Running, database: db.Database, church_id: UUID, carrier: Store, tmp_path: Path
) -> None:
    """Whatever type the carrier gives it."""
    url = carrier.holds("/1", picture())
    await hear(database, text("", media_urls=[url]))
    await inbound_files.fetch_due(running)
    [file] = await files(database, church_id)
    assert (file.status, file.content_type, file.width, file.height) == (
        *("stored", "image/jpeg"),
        *(60, 40),
    )
    assert (tmp_path / "media" / file.store_key).read_bytes() == picture()
    assert [told.reason for told in await said(database, ConversationUpdated)][-1] == "media"
    assert await due(database) == []


async def test_what_the_carrier_calls_a_file_is_corrected_by_its_content(
    running: Running, database: db.Database, church_id: UUID, carrier: Store
) -> None:
    urls = [carrier.holds("/1", picture()), carrier.holds("/2", picture("PNG"))]
    await hear(database, text("", media_urls=urls, media_types=["video/mp4"]))
    [thread] = await threads(database, church_id)
    assert (thread.last_message_media_kind, thread.last_message_media_count) == ("file", 2)
    await inbound_files.fetch_due(running)
    [thread] = await threads(database, church_id)
    assert (thread.last_message_media_kind, thread.last_message_media_count) == ("image", 2)
    last = (await said(database, ConversationUpdated))[-1]
    assert (last.reason, last.message_id) == ("media", thread.last_message_id)
    assert last.media.model_dump() == {"kind": "image", "count": 2}


async def test_ten_files_of_one_text_are_ten_rows_in_its_order_fetched_once(
    running: Running, database: db.Database, church_id: UUID, carrier: Store
) -> None:
    urls = [carrier.holds(f"/{n}", picture("PNG", width=n + 1)) for n in range(10)]
    same = [text(media_urls=urls, carrier_message_id="same") for _ in range(2)]
    await hear(database, *same, text("no media"))
    await asyncio.gather(*(inbound_files.fetch_due(running) for _ in range(2)))
    found = await files(database, church_id)
    assert [(file.position, file.width, file.origin_url) for file in found] == [
        (n, n + 1, url) for n, url in enumerate(urls)
    ]
    assert sorted(carrier.asked) == sorted(f"/{n}" for n in range(10))


async def test_what_will_never_come_is_said_in_a_sentence(
    running: Running, database: db.Database, church_id: UUID, carrier: Store
) -> None:
    cases = (
        (carrier.holds("/1", b"<html>Not found</html>"), "refused", "not taken"),
        (carrier.holds("/2", b""), "refused", "empty"),
        (carrier.holds("/3", picture()[:100]), "refused", "broken"),
        (carrier.answers("/4", 404), "gone", "not there any more"),
        (carrier.answers("/5", 403), "gone", "not there any more"),
        (carrier.answers("/6", 401), "refused", "password"),
    )
    await hear(database, text(media_urls=[url for url, *_ in cases]))
    await inbound_files.fetch_due(running)
    found = await files(database, church_id)
    assert [(file.status, file.store_key) for file in found] == [(each[1], None) for each in cases]
    assert all(why in file.failure for file, (*_, why) in zip(found, cases, strict=True))
    assert await due(database) == []


async def test_no_address_leads_to_what_stands_beside_us(
    running: Running, database: db.Database, church_id: UUID, carrier: Store
) -> None:
    beside = carrier.url.replace("127.0.0.1", "localhost")
    urls = [f"{beside}/1", "http://169.254.169.254/latest/meta-data/", "file:///etc/passwd"]
    await hear(database, text(media_urls=urls))
    await inbound_files.fetch_due(running)
    assert {file.status for file in await files(database, church_id)} == {"refused"}
    assert carrier.asked == []


async def test_a_carrier_in_trouble_is_asked_again_ever_less_often(
    running: Running, database: db.Database, church_id: UUID, carrier: Store
) -> None:
    await hear(database, text(media_urls=[carrier.answers("/1", 503)]))
    pauses = []
    for _ in range(7):
        await inbound_files.fetch_due(running)
        [waiting] = await due(database)
        pauses.append(round((waiting.due_at - clock.now()).total_seconds()))
        await make_due(database)
    assert pauses == pytest.approx([10, 60, 300, 1800, 7200, 7200, 7200], abs=3)
    carrier.holds("/1", picture())
    await inbound_files.fetch_due(running)
    [file] = await files(database, church_id)
    assert (file.status, file.attempts) == ("stored", 7)


async def test_after_a_month_a_file_is_given_up(
    running: Running, database: db.Database, church_id: UUID, carrier: Store
) -> None:
    await hear(database, text(media_urls=[carrier.answers("/1", 503)]))
    async with database.transaction(church_id) as session:
        at = clock.now() - timedelta(days=30)
        await db.run(session, "UPDATE media_files SET created_at = :at", {"at": at})
    await inbound_files.fetch_due(running)
    [file] = await files(database, church_id)
    assert (file.status, await due(database)) == ("gone", [])


async def test_a_crash_between_storing_and_settling_leaves_one_file(
    running: Running, database: db.Database, church_id: UUID, carrier: Store, tmp_path: Path
) -> None:
    """The crash: the thread is held until the worker is stopped while it waits to settle."""
    await hear(database, text(media_urls=[carrier.holds("/1", picture())]))
    [file] = await files(database, church_id)
    kept = tmp_path / "media" / str(church_id) / str(file.id)
    async with database.transaction(church_id) as session:
        await probe.rows(session, "SELECT id FROM conversations FOR UPDATE")
        working = asyncio.create_task(inbound_files.fetch_due(running))
        await eventually(kept.exists, within=5)
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
    assert [file.status for file in await files(database, church_id)] == ["pending"]

    await make_due(database)
    await inbound_files.fetch_due(running)
    [file] = await files(database, church_id)
    assert (file.status, file.attempts, carrier.asked) == ("stored", 0, ["/1", "/1"])
    assert [path for path in kept.parent.iterdir() if path.is_file()] == [kept]


async def test_a_store_that_is_away_loses_nothing(
    running: Running, database: db.Database, church_id: UUID, carrier: Store, tmp_path: Path
) -> None:
    (tmp_path / "media").write_text("in the way")
    await hear(database, text(media_urls=[carrier.holds("/1", picture())]))
    await inbound_files.fetch_due(running)
    (tmp_path / "media").unlink()
    await make_due(database)
    await inbound_files.fetch_due(running)
    assert [file.status for file in await files(database, church_id)] == ["stored"]
