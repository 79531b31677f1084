"""What staff answer again and again."""

from functools import partial
from uuid import UUID

import httpx

from koinonia.common import db
from koinonia.common.events.conversation import ReplyRequested
from koinonia.common.identity import Role

from .conftest import Client
from .factories import said

ROUTE = "/api/canned-replies"


async def kept(api: httpx.AsyncClient, shortcut: str, content: str = "Behind the hall.") -> str:
    answer = await api.post(ROUTE, json={"shortcut": shortcut, "content": content})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def test_a_canned_reply_is_kept_changed_and_removed(api: httpx.AsyncClient) -> None:
    one = f"{ROUTE}/{await kept(api, 'parking')}"
    changed = (await api.patch(one, json={"content": "In front."})).json()
    assert (changed["shortcut"], changed["content"]) == ("parking", "In front.")
    assert (await api.get(one)).json() == changed
    assert (await api.delete(one)).status_code == 204
    assert (await api.get(one)).json()["error"]["code"] == "CANNED_REPLY_NOT_FOUND"


async def test_a_shortcut_is_taken_in_any_case(api: httpx.AsyncClient) -> None:
    await kept(api, "Parking")
    other = await kept(api, "times")
    again = await api.post(ROUTE, json={"shortcut": "PARKING", "content": "x"})
    moved = await api.patch(f"{ROUTE}/{other}", json={"shortcut": "parking"})
    assert [each.json()["error"]["code"] for each in (again, moved)] == ["SHORTCUT_TAKEN"] * 2
    assert (await api.patch(f"{ROUTE}/{other}", json={"shortcut": "Times"})).status_code == 200


async def test_they_are_listed_by_how_they_begin_page_by_page(api: httpx.AsyncClient) -> None:
    for shortcut in ("parking", "Park-map", "times", "park_2"):
        await kept(api, shortcut)
    first = (await api.get(ROUTE, params={"q": "PARK", "limit": 2})).json()
    rest = (await api.get(ROUTE, params={"q": "PARK", "cursor": first["nextCursor"]})).json()
    listed = [each["shortcut"] for each in (*first["data"], *rest["data"])]
    assert (listed, rest["hasMore"]) == (["Park-map", "park_2", "parking"], False)


async def test_a_shortcut_answers_with_what_it_stands_for(
    api: httpx.AsyncClient, database: db.Database, thread_id: UUID
) -> None:
    one = f"{ROUTE}/{await kept(api, 'parking')}"
    request = partial(
        api.post, f"/api/conversations/{thread_id}/reply", json={"shortcut": "Parking"}
    )
    first = await request(headers={"Idempotency-Key": "one"})
    await api.delete(one)
    again = await request(headers={"Idempotency-Key": "one"})
    assert (first.status_code, first.json()["content"]) == (202, "Behind the hall.")
    assert again.json() == first.json()
    assert (await request()).json()["error"]["code"] == "CANNED_REPLY_NOT_FOUND"
    assert [each.text for each in await said(database, ReplyRequested)] == ["Behind the hall."]


async def test_who_reads_keeps_none_and_another_church_sees_none(
    api: httpx.AsyncClient, client: Client, church_id: UUID
) -> None:
    one = f"{ROUTE}/{await kept(api, 'parking')}"
    async with client(church_id, Role.VIEWER) as viewer, client(db.uuid7()) as stranger:
        assert (await viewer.get(one)).status_code == 200
        assert (await viewer.delete(one)).status_code == 403
        assert (await stranger.get(one)).status_code == 404
        assert (await stranger.get(ROUTE)).json()["data"] == []
