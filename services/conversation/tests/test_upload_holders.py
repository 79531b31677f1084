"""An upload is kept as long as something refers to it, and a week longer."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from koinonia.common import clock, db
from koinonia.common.events.conversation import ReplyRequested, UploadForgotten, UploadStored
from koinonia.common.events.messaging import UploadsReferenced
from koinonia.conversation.media import uploads
from koinonia.conversation.replies import due_replies
from koinonia.conversation.running import Running

from .factories import hear, said
from .uploads import shown, uploaded

DAY = timedelta(days=1)


async def used(database: db.Database, church_id: UUID, holder: UUID, *ids: str) -> None:
    """As messaging says that a message, a schedule or a template uses uploads."""
    told = UploadsReferenced(church_id=church_id, holder_id=holder, media_ids=tuple(map(UUID, ids)))
    await hear(database, told)


async def after(running: Running, days: float) -> None:
    """What the loop has forgotten by then."""
    with clock.shift(days * DAY):
        await uploads.forget_unsent(running)


async def is_there(api: httpx.AsyncClient, database: db.Database, file: Any) -> bool:
    """As a carrier finds it under the address that messaging was told."""
    [told] = [
        each for each in await said(database, UploadStored) if str(each.media_id) == file["id"]
    ]
    return (await shown(api, told.url)).status_code == 200


async def test_messaging_is_told_of_an_upload_and_of_its_end(
    api: httpx.AsyncClient, running: Running, database: db.Database
) -> None:
    file = await uploaded(api)
    [told] = await said(database, UploadStored)
    assert (str(told.media_id), told.bytes, told.content_type) == (
        file["id"],
        file["bytes"],
        "image/png",
    )
    assert abs(told.kept_until - clock.now() - 7 * DAY) < timedelta(minutes=1)
    await after(running, 6.9)
    assert await said(database, UploadForgotten) == []
    await after(running, 7.1)
    assert [str(each.media_id) for each in await said(database, UploadForgotten)] == [file["id"]]
    assert not await is_there(api, database, file)


async def test_what_a_schedule_uses_is_there_in_twenty_days_and_in_a_year(
    api: httpx.AsyncClient, running: Running, database: db.Database, church_id: UUID
) -> None:
    file, other = await uploaded(api), await uploaded(api)
    await used(database, church_id, db.uuid7(), file["id"])
    for days in (8, 20, 365):
        await after(running, days)
        with clock.shift(days * DAY):
            assert await is_there(api, database, file)
    assert not await is_there(api, database, other)


async def test_what_nothing_uses_any_more_goes_a_week_later(
    api: httpx.AsyncClient, running: Running, database: db.Database, church_id: UUID
) -> None:
    file = await uploaded(api)
    one, other = db.uuid7(), db.uuid7()
    await used(database, church_id, one, file["id"])
    await used(database, church_id, other, file["id"])
    await after(running, 8)
    await used(database, church_id, one)
    await after(running, 8)
    assert await is_there(api, database, file)
    await used(database, church_id, other)
    await after(running, 6.9)
    assert await is_there(api, database, file)
    await after(running, 7.1)
    assert not await is_there(api, database, file)


@pytest.mark.parametrize("is_swapped", [False, True])
async def test_the_newest_word_of_a_holder_counts_in_whatever_order(
    api: httpx.AsyncClient,
    running: Running,
    database: db.Database,
    church_id: UUID,
    is_swapped: bool,
) -> None:
    file = await uploaded(api)
    holder = db.uuid7()
    first = UploadsReferenced(church_id=church_id, holder_id=holder, media_ids=())
    with clock.shift(timedelta(seconds=1)):
        then = UploadsReferenced(
            church_id=church_id, holder_id=holder, media_ids=(UUID(file["id"]),)
        )
    for event in (then, first) if is_swapped else (first, then):
        await hear(database, event)
    await after(running, 30)
    assert await is_there(api, database, file)


async def test_another_church_s_word_keeps_nothing(
    api: httpx.AsyncClient, running: Running, database: db.Database
) -> None:
    file = await uploaded(api)
    await used(database, db.uuid7(), db.uuid7(), file["id"])
    await after(running, 8)
    assert not await is_there(api, database, file)


async def scheduled(api: httpx.AsyncClient, thread_id: UUID, file: Any, days: int) -> Any:
    at = (clock.now() + days * DAY).isoformat()
    body = {"content": "Look", "mediaIds": [file["id"]], "sendAt": at}
    made = await api.post(f"/api/conversations/{thread_id}/scheduled-replies", json=body)
    assert made.status_code == 201, made.text
    return made.json()


async def test_a_reply_for_later_keeps_its_picture_and_the_thread_shows_it_a_year_after(
    api: httpx.AsyncClient, running: Running, database: db.Database, thread_id: UUID
) -> None:
    file = await uploaded(api)
    made = await scheduled(api, thread_id, file, 20)
    assert made["mediaIds"] == [file["id"]]
    await after(running, 19)
    with clock.shift(20 * DAY):
        await due_replies.send_due(running)
        [asked] = await said(database, ReplyRequested)
        assert (await shown(api, asked.media_urls[0])).status_code == 200
    await after(running, 365)
    line = (await api.get(f"/api/conversations/{thread_id}")).json()["messages"][-1]
    [media] = line["media"]
    assert media["id"] == file["id"]
    assert (await shown(api, media["url"])).status_code == 200


async def test_a_reply_that_was_cancelled_keeps_nothing(
    api: httpx.AsyncClient, running: Running, database: db.Database, thread_id: UUID
) -> None:
    file = await uploaded(api)
    made = await scheduled(api, thread_id, file, 20)
    path = f"/api/conversations/{thread_id}/scheduled-replies/{made['id']}"
    assert (await api.delete(path)).status_code == 204
    await after(running, 8)
    assert not await is_there(api, database, file)


async def test_a_reply_for_later_takes_known_files_only(
    api: httpx.AsyncClient, thread_id: UUID
) -> None:
    at = (clock.now() + DAY).isoformat()
    path = f"/api/conversations/{thread_id}/scheduled-replies"
    unknown = {"content": "Look", "mediaIds": [str(db.uuid7())], "sendAt": at}
    answer = await api.post(path, json=unknown)
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "FILE_NOT_FOUND")
