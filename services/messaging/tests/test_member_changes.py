"""What changed of members: a system that keeps its cursor misses nothing, removals neither."""

import asyncio
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest
import pytest_asyncio

from koinonia.common import db
from koinonia.common.testing.databases import Databases
from koinonia.common.testing.eventually import eventually
from koinonia.messaging.people import member_changes

from . import factories
from .conftest import Client

CHANGES = "/api/members/changes"


class Sync:
    """Another system: what it knows, by id, and its cursor."""

    def __init__(self, api: httpx.AsyncClient) -> None:
        self.api, self.cursor = api, None
        self.known: dict[str, Any] = {}

    async def once(self) -> list[str]:
        """Follow the list to its end; the ids that came."""
        came = []
        while True:
            params = {"limit": 3} | ({"cursor": self.cursor} if self.cursor else {})
            page = (await self.api.get(CHANGES, params=params)).json()
            for each in page["data"]:
                came.append(each["id"])
                if each["isRemoved"]:
                    self.known.pop(each["id"], None)
                else:
                    self.known[each["id"]] = each["member"]
            self.cursor = page["nextCursor"]
            if not page["hasMore"]:
                return came

    async def hears(self, *ids: str) -> bool:
        """Whether these come, and nothing else; a change is listed a second after it was made."""
        wanted, seen = sorted(ids), list[str]()

        async def enough() -> bool:
            seen.extend(await self.once())
            return len(seen) >= len(wanted)

        await eventually(enough, 5)
        return sorted(seen) == wanted


@pytest_asyncio.fixture
async def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing else is under way in these tests, so changes are listed at once."""

    async def now(session: Any) -> Any:
        return await db.value(session, object, "SELECT clock_timestamp()")

    monkeypatch.setattr(member_changes, "_horizon", now)


async def _make(api: httpx.AsyncClient, n: int, **said: Any) -> str:
    person = {"firstName": f"P{n}", "phone": f"+120255501{n:02}", "consent": False, **said}
    return str((await api.post("/api/members", json=person)).json()["id"])


@pytest.mark.usefixtures("soon")
async def test_whatever_is_shown_of_a_member_is_a_change_of_them(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    ada, bo = await _make(api, 1), await _make(api, 2, phone="+12025550101")
    async with database.transaction(church_id) as session:
        group_id = await factories.group(session, church_id)
    await api.post("/api/fields", json={"key": "team", "label": "Team"})
    sync = Sync(api)
    assert await sync.hears(ada, bo)
    one, path = f"/api/members/{ada}", f"/api/groups/{group_id}/members"
    told = {"kind": "revoked", "method": "staff", "words": "Please stop", "phone": "+12025550101"}
    acts = [
        (api.patch(one, json={"lastName": "Moss"}), [ada]),
        (api.patch(one, json={"fields": {"team": "Blue"}}), [ada]),
        (api.post(path, json={"memberIds": [ada, bo]}), [ada, bo]),
        (api.delete(f"{path}/{ada}"), [ada]),
        (api.post("/api/consents", json=told), [ada, bo]),
        (api.delete(f"/api/groups/{group_id}"), [bo]),
    ]
    for act, ids in acts:
        assert (await act).is_success
        assert await sync.hears(*ids)
        assert sync.known[ids[0]] == (await api.get(f"/api/members/{ids[0]}")).json()
    same = {"firstName": "P1", "lastName": "Moss", "phone": "+12025550101"}
    await api.put("/api/members/by-external-id/pco/1", json=same)
    assert await sync.hears(ada)
    await api.put("/api/members/by-external-id/pco/1", json=same)
    assert await sync.once() == []


@pytest.mark.usefixtures("soon")
async def test_removals_are_told_and_a_new_sync_knows_everybody(api: httpx.AsyncClient) -> None:
    ids = [await _make(api, n) for n in range(8)]
    sync = Sync(api)
    assert await sync.hears(*ids)
    for each in ids[2:5]:
        await api.delete(f"/api/members/{each}")
    assert await sync.hears(*ids[2:5])
    assert sorted(sync.known) == sorted(ids[:2] + ids[5:])
    anew = Sync(api)
    await anew.once()
    assert anew.known == sync.known


async def test_nothing_is_missed_whose_transaction_began_earlier_and_ends_later(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    sync, slow, may_end = Sync(api), asyncio.Event(), asyncio.Event()

    async def create_slowly() -> str:
        async with database.transaction(church_id) as session:
            member = await factories.member(session, church_id, consents=False)
            slow.set()
            await may_end.wait()
        return str(member.id)

    creating = asyncio.create_task(create_slowly())
    await slow.wait()
    quick = await _make(api, 1)
    assert await sync.once() == []  # or the cursor would pass over the slow one
    may_end.set()
    assert await sync.hears(await creating, quick)


@pytest.mark.usefixtures("soon")
async def test_a_list_since_a_time_has_what_changed(api: httpx.AsyncClient) -> None:
    old, new = await _make(api, 1), await _make(api, 2)
    since = (await api.get(f"/api/members/{new}")).json()["updatedAt"]
    for path in ("/api/members?updatedSince=", f"{CHANGES}?since="):
        found = (await api.get(path + since.replace("+", "%2B"))).json()["data"]
        assert [each["id"] for each in found] == [new], path
    await api.patch(f"/api/members/{old}", json={"lastName": "Reed"})
    found = (await api.get("/api/members", params={"updatedSince": since})).json()["data"]
    assert {each["id"] for each in found} == {old, new}


async def test_a_church_without_anybody_has_no_cursor_yet(api: httpx.AsyncClient) -> None:
    assert (await api.get(CHANGES)).json() == {"data": [], "hasMore": False, "nextCursor": None}
    assert (await api.get(CHANGES, params={"page": 1})).json()["error"]["code"] == "BAD_FILTER"


@pytest.mark.usefixtures("soon")
async def test_another_church_hears_nothing(
    api: httpx.AsyncClient, client: Client, other_church_id: UUID
) -> None:
    await api.delete(f"/api/members/{await _make(api, 1)}")
    assert (await client(other_church_id).get(CHANGES)).json()["data"] == []


async def test_removals_are_forgotten_after_three_months_and_members_never(
    databases: Databases,
) -> None:
    owner = await asyncpg.connect(databases.admin_url)
    await owner.execute(
        """
        INSERT INTO messaging.member_changes (church_id, member_id, changed_at, is_removed)
        SELECT gen_random_uuid(), gen_random_uuid(), now() - n * interval '1 day', n % 2 = 0
          FROM generate_series(85, 94) n
        """
    )
    ours = db.Database(databases.url("messaging"), pool_size=1)
    await member_changes.prune(type("Running", (), {"database": ours})())  # type: ignore[arg-type]
    await ours.close()
    left = await owner.fetchval("SELECT count(*) FROM messaging.member_changes")
    await owner.close()
    assert left == 7
