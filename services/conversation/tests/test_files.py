"""Files that staff upload, and files as they are shown."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import httpx

from koinonia.common import clock, db
from koinonia.common.identity import Role
from koinonia.common.runtime import Running
from koinonia.common.testing import probe
from koinonia.conversation.media import file_links, uploads

from .calls import code
from .carrier_media import picture
from .conftest import Client
from .uploads import PDF, shown, upload, uploaded

REFUSED = (
    (b"<svg xmlns='http://www.w3.org/2000/svg'/>", (422, "FILE_NOT_TAKEN"), "not taken"),
    (b"<html><script>alert(1)</script></html>", (422, "FILE_NOT_TAKEN"), "not taken"),
    (b"PK\x03\x04" + b"\0" * 60, (422, "FILE_NOT_TAKEN"), "not taken"),
    (picture()[:60], (422, "FILE_NOT_TAKEN"), "broken"),
    (PDF + b"x" * 700_000, (413, "FILE_TOO_LARGE"), "600 KB"),
    (PDF + b"x" * 17_000_000, (413, "FILE_TOO_LARGE"), "16 MB"),
    (PDF + b"x" * 22_000_000, (413, "TOO_LARGE"), "20 MB"),
)


def stored(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file()]


async def test_an_upload_is_shown_to_whoever_has_its_address(api: httpx.AsyncClient) -> None:
    file = await uploaded(api)
    answer = await shown(api, file["url"])
    assert (file["name"], file["contentType"], file["width"]) == ("map.png", "image/png", 60)
    assert (answer.status_code, len(answer.content)) == (200, file["bytes"])
    sent = answer.headers
    assert sent["content-type"] == "image/png"
    assert sent["content-length"] == str(file["bytes"])
    assert sent["content-disposition"].startswith('inline; filename="map.png"')
    assert sent["x-content-type-options"] == "nosniff"
    assert "sandbox" in sent["content-security-policy"]
    assert sent["cache-control"].startswith("private")


async def test_what_cannot_be_sent_is_refused_and_nothing_is_kept(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID, tmp_path: Path
) -> None:
    for content, expected, says in REFUSED:
        refused = await upload(api, content, "holiday.jpg")
        assert code(refused) == expected
        assert says in refused.json()["error"]["message"]
    async with database.transaction(church_id) as session:
        assert await probe.rows(session, "SELECT id FROM media_files") == []
    assert stored(tmp_path) == []


async def test_who_only_reads_may_not_upload(client: Client, church_id: UUID) -> None:
    async with client(church_id, Role.VIEWER) as viewer:
        assert (await upload(viewer)).status_code == 403


async def test_a_link_is_good_for_its_file_its_church_and_its_time(
    running: Running, api: httpx.AsyncClient, church_id: UUID
) -> None:
    file, other = await uploaded(api), await uploaded(api)
    url = file_links.url(running, church_id, UUID(file["id"]))
    assert url == file_links.url(running, church_id, UUID(file["id"]))
    assert (await shown(api, url)).status_code == 200
    forged = [
        url.replace(file["id"], other["id"]),
        url.replace(str(church_id), str(db.uuid7())),
        url.replace("expires=1", "expires=2"),
        url[:-1] + ("A" if url[-1] != "A" else "B"),
        url.partition("?")[0],
        url.partition("&signature")[0],
    ]
    for each in forged:
        assert code(await shown(api, each)) == (403, "FILE_LINK_FORGED")
    old = file_links.url_until_pruned(
        running, church_id, UUID(file["id"]), clock.now() - timedelta(days=8)
    )
    assert code(await shown(api, old)) == (403, "FILE_LINK_EXPIRED")


async def test_a_link_of_ours_to_nothing_or_to_another_church_s_file_is_not_found(
    running: Running, api: httpx.AsyncClient, church_id: UUID
) -> None:
    file = await uploaded(api)
    for church, file_id in ((church_id, db.uuid7()), (db.uuid7(), UUID(file["id"]))):
        answer = await shown(api, file_links.url(running, church, file_id))
        assert code(answer) == (404, "FILE_NOT_FOUND")


async def test_a_browser_that_has_a_file_is_not_sent_it_again(api: httpx.AsyncClient) -> None:
    url = (await uploaded(api))["url"]
    etag = (await shown(api, url)).headers["etag"]
    again = await shown(api, url, **{"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")


async def test_a_player_is_sent_the_part_that_it_asks_for(api: httpx.AsyncClient) -> None:
    url = (await uploaded(api, PDF))["url"]
    part, whole = [await shown(api, url, Range=each) for each in ("bytes=5-9", "lines=1-2")]
    assert (part.status_code, part.content, whole.content) == (206, PDF[5:10], PDF)
    assert (part.headers["content-length"], whole.headers["content-length"]) == ("5", str(len(PDF)))
    assert part.headers["content-range"] == f"bytes 5-9/{len(PDF)}"
    assert code(await shown(api, url, Range="bytes=9999-")) == (416, "NO_SUCH_PART")


async def test_an_upload_with_a_key_is_kept_once_whatever_the_form_s_boundary(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    form = {"files": ("map.png", picture("PNG"))}
    key = {"Idempotency-Key": "one"}
    first, again = [await api.post("/api/media", files=form, headers=key) for _ in "ab"]
    assert first.request.headers["content-type"] != again.request.headers["content-type"]
    assert (first.status_code, again.json()) == (201, first.json())
    other = await api.post("/api/media", files={"files": ("map.png", PDF)}, headers=key)
    assert other.json()["error"]["code"] == "IDEMPOTENCY_KEY_REUSED"
    async with database.transaction(church_id) as session:
        assert len(await probe.rows(session, "SELECT id FROM media_files")) == 1


async def test_an_upload_that_is_never_sent_is_forgotten_after_a_week(
    running: Running, api: httpx.AsyncClient, database: db.Database, thread_id: UUID, tmp_path: Path
) -> None:
    sent, unsent = await uploaded(api), await uploaded(api)
    answer = await api.post(
        f"/api/conversations/{thread_id}/reply-with-media", json={"mediaIds": [sent["id"]]}
    )
    assert answer.status_code == 202, answer.text
    await uploads.forget_unsent(running)
    assert (await shown(api, unsent["url"])).status_code == 200
    async with database.transaction() as session:
        await db.run(session, "UPDATE due_work SET due_at = now() WHERE kind = 'upload'", {})
    await uploads.forget_unsent(running)
    assert code(await shown(api, unsent["url"])) == (404, "FILE_NOT_FOUND")
    assert (await shown(api, sent["url"])).status_code == 200
    assert stored(tmp_path) == [sent["id"]]
