"""Answers with files: uploads by their id, and forms."""

import asyncio
from typing import Any
from uuid import UUID

import httpx

from koinonia.common import db
from koinonia.common.events.conversation import ReplyRequested
from koinonia.common.testing import probe

from .calls import code
from .carrier_media import picture
from .conftest import Client
from .factories import said
from .uploads import PDF, shown, uploaded

ELSEWHERE = "https://example.org/map.png"
FORM = [("files", ("map.png", picture("PNG"))), ("files", ("plan.pdf", PDF))]


async def reply(
    api: httpx.AsyncClient, thread_id: UUID, key: str | None = None, **sent: Any
) -> httpx.Response:
    headers = {"Idempotency-Key": key} if key else {}
    path = f"/api/conversations/{thread_id}/reply-with-media"
    if "files" in sent:
        return await api.post(path, headers=headers, **sent)
    return await api.post(path, headers=headers, json=sent)


async def media(database: db.Database, church_id: UUID) -> list[Any]:
    async with database.transaction(church_id) as session:
        return await probe.rows(
            session,
            """
            SELECT id, message_id, position, content_type FROM media_files
             ORDER BY position, created_at
            """,
        )


async def test_an_upload_goes_out_under_an_address_that_the_carrier_can_fetch(
    api: httpx.AsyncClient,
    database: db.Database,
    church_id: UUID,
    thread_id: UUID,
) -> None:
    first, second = await uploaded(api), await uploaded(api, PDF, "plan.pdf")
    answer = await reply(
        api,
        thread_id,
        content="Here",
        mediaUrls=[ELSEWHERE],
        mediaIds=[second["id"], first["id"]],
    )
    assert answer.status_code == 202, answer.text
    [asked] = await said(database, ReplyRequested)
    assert asked.media_urls[0] == ELSEWHERE
    kinds = [(await shown(api, url)).headers["content-type"] for url in asked.media_urls[1:]]
    assert kinds == ["application/pdf", "image/png"]
    assert [(str(file.id), file.message_id) for file in await media(database, church_id)] == [
        (second["id"], asked.reply_id),
        (first["id"], asked.reply_id),
    ]


async def test_the_thread_shows_what_was_sent(api: httpx.AsyncClient, thread_id: UUID) -> None:
    file = await uploaded(api)
    await reply(api, thread_id, mediaIds=[file["id"]])
    thread = (await api.get(f"/api/conversations/{thread_id}")).json()
    [sent] = thread["messages"][-1]["media"]
    assert (sent["id"], sent["status"], sent["name"]) == (file["id"], "stored", "map.png")
    assert (await shown(api, sent["url"])).status_code == 200


async def test_the_same_key_sends_the_same_uploads_once(
    api: httpx.AsyncClient, database: db.Database, thread_id: UUID
) -> None:
    file = await uploaded(api)
    answers = await asyncio.gather(
        *(reply(api, thread_id, "one", mediaIds=[file["id"]]) for _ in range(3))
    )
    assert [answer.status_code for answer in answers] == [202] * 3
    assert len({answer.text for answer in answers}) == 1
    assert len(await said(database, ReplyRequested)) == 1


async def test_a_form_with_files_is_a_reply(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID, thread_id: UUID
) -> None:
    answer = await reply(api, thread_id, files=FORM, data={"content": "See you there"})
    assert (answer.status_code, answer.json()["content"]) == (202, "See you there")
    assert len(answer.json()["mediaUrls"]) == 2
    assert [file.content_type for file in await media(database, church_id)] == [
        "image/png",
        "application/pdf",
    ]


async def test_a_form_that_is_sent_again_with_its_key_is_one_reply(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID, thread_id: UUID
) -> None:
    answers = [await reply(api, thread_id, "one", files=FORM) for _ in range(2)]
    assert answers[0].status_code == 202, answers[0].text
    assert answers[0].text == answers[1].text
    assert len(await media(database, church_id)) == 2
    other = await reply(api, thread_id, "one", files=FORM[:1])
    assert code(other) == (422, "IDEMPOTENCY_KEY_REUSED")


async def test_an_upload_may_go_out_with_several_messages(
    api: httpx.AsyncClient, thread_id: UUID
) -> None:
    first, second = await uploaded(api), await uploaded(api, PDF, "plan.pdf")
    for ids in ([first["id"]], [second["id"], first["id"]]):
        assert (await reply(api, thread_id, mediaIds=ids)).status_code == 202
    *_, one, both = (await api.get(f"/api/conversations/{thread_id}")).json()["messages"]
    assert [each["name"] for each in one["media"]] == ["map.png"]
    assert [each["name"] for each in both["media"]] == ["plan.pdf", "map.png"]
    for each in both["media"]:
        assert (await shown(api, each["url"])).status_code == 200


async def test_another_church_s_upload_is_not_found(
    api: httpx.AsyncClient, client: Client, thread_id: UUID
) -> None:
    async with client(db.uuid7()) as theirs:
        file = await uploaded(theirs)
    assert code(await reply(api, thread_id, mediaIds=[file["id"]])) == (404, "FILE_NOT_FOUND")


async def test_the_files_of_one_text_have_a_limit_together(
    api: httpx.AsyncClient, thread_id: UUID
) -> None:
    ids = [(await uploaded(api, PDF + b"x" * 520_000))["id"] for _ in range(2)]
    assert code(await reply(api, thread_id, mediaIds=ids)) == (413, "FILES_TOO_LARGE")


async def test_one_to_ten_files_make_a_reply_with_media(
    api: httpx.AsyncClient, thread_id: UUID
) -> None:
    several: list[dict[str, Any]] = [
        {"content": "no file"},
        {"mediaUrls": [ELSEWHERE] * 6, "mediaIds": [str(db.uuid7()) for _ in range(5)]},
        {"mediaIds": [str(UUID(int=7))] * 2},
        {"mediaIds": ["7"]},
        {"files": [("files", (f"{n}.pdf", PDF)) for n in range(11)]},
    ]
    answers = [await reply(api, thread_id, **sent) for sent in several]
    assert [code(answer) for answer in answers] == [(400, "VALIDATION_ERROR")] * len(several)
    other = await reply(api, thread_id, files=[("other", ("map.pdf", PDF))])
    assert code(other) == (400, "UNKNOWN_FIELD")
