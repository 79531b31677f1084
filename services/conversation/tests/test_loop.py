"""No request holds the event loop for more than a tenth of a second."""

import io
from typing import Any
from uuid import UUID

import httpx
import pytest
from PIL import Image

from koinonia.common import db
from koinonia.common.testing import heavy_requests, loop_steps, phones, service
from koinonia.conversation.program import PROGRAM

from .factories import hear, text, threads
from .uploads import PDF, upload


async def test_no_request_is_too_heavy(api: httpx.AsyncClient) -> None:
    assert await heavy_requests.holding(api, service.document(PROGRAM)) == []


async def test_no_work_on_many_threads_holds_the_loop(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    await hear(database, *(text("Choir " * 200, sender=phones.phone(n)) for n in range(100)))
    ids = [str(thread.id) for thread in await threads(database, church_id)]
    asked: dict[str, Any] = {"ids": ids, "status": "closed", "read": True}
    async with loop_steps.held_briefly():
        assert (await api.post("/api/conversations/bulk", json=asked)).status_code == 200
    for path, query in (("", {"limit": 100}), ("/search", {"q": "choir"}), ("/counts", {})):
        async with loop_steps.held_briefly():
            listed = await api.get(f"/api/conversations{path}", params=query)
        assert listed.status_code == 200


async def test_no_page_of_a_thread_holds_the_loop(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    await hear(database, *(text("\ufdfa" * 1600) for _ in range(120)))
    [thread] = await threads(database, church_id)
    async with loop_steps.held_briefly():
        page = await api.get(f"/api/conversations/{thread.id}", params={"messagesLimit": 100})
    assert page.status_code == 200


def large_picture() -> bytes:
    """Twelve megapixels that do not compress well."""
    file = io.BytesIO()
    Image.effect_noise((4000, 3000), 90).save(file, "JPEG", quality=80)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["picture", "document", "nothing"])
async def test_no_file_holds_the_loop(api: httpx.AsyncClient, kind: str) -> None:
    content = {
        "picture": large_picture,
        "document": lambda: PDF + b"x" * 15_000_000,
        "nothing": lambda: b"\0" * 15_000_000,
    }[kind]()
    async with loop_steps.held_briefly():
        answer = await upload(api, content)
    assert answer.status_code < 500
