"""A search narrowed by time, person, label, assignee and sender."""

import itertools
from typing import Any
from uuid import UUID

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from koinonia.common import db
from koinonia.common.runtime import Running
from koinonia.common.testing import explain, phones
from koinonia.common.testing.properties import on_servers
from koinonia.conversation.search import matches, search_filters

from .calls import labelled
from .conftest import Client
from .factories import THEIRS, admin, at, church, hear, joined, member, text, threads

URL = "/api/conversations/search"


async def contents(api: httpx.AsyncClient, q: str, **params: Any) -> list[str]:
    """Of all pages."""
    found, cursor = list[str](), {}
    while True:
        answer = await api.get(URL, params={"q": q, **params, **cursor})
        assert answer.status_code == 200, answer.text
        page = answer.json()
        found += [each["match"]["content"] for each in page["data"]]
        if not page["hasMore"]:
            return found
        cursor = {"cursor": page["nextCursor"]}


@pytest.fixture(params=["few", "many"])
def threads_of_filters(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways to narrow lines to threads; the second in pages of three lines looked at."""
    if request.param == "many":
        monkeypatch.setattr(search_filters, "FEW", -1)
        monkeypatch.setattr(matches, "SCAN", 3)
    return str(request.param)


async def test_a_search_is_narrowed_by_time(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    await hear(database, *(text(f"picnic {n}", minutes=n) for n in range(5)))
    between = {"since": at(1).isoformat(), "until": at(3).isoformat()}
    assert await contents(api, "picnic", **between) == ["picnic 2", "picnic 1"]
    assert await contents(api, "picnic", limit=1, **between) == ["picnic 2", "picnic 1"]
    assert await contents(api, "picnic", since=at(4).isoformat()) == ["picnic 4"]


@pytest.mark.usefixtures("threads_of_filters")
async def test_a_search_is_narrowed_by_label_and_assignee(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID
) -> None:
    ruth, others = admin(church_id), [phones.phone(n) for n in range(20, 28)]
    await hear(database, ruth, text("picnic mine", minutes=0))
    await hear(database, *(text(f"picnic {n}", each, minutes=1) for n, each in enumerate(others)))
    thread_id = (await threads(database, church_id))[0].id
    label = (await labelled(api, "Food"))["id"]
    await api.put(f"/api/conversations/{thread_id}/labels", json={"labelIds": [label]})
    await api.patch(f"/api/conversations/{thread_id}/assign", json={"adminId": str(ruth.admin_id)})
    for narrowed in ({"label": label}, {"assignee": str(ruth.admin_id)}):
        assert await contents(api, "picnic", **narrowed) == ["picnic mine"]
    both = {"label": label, "assignee": "none"}
    assert await contents(api, "picnic", **both) == []
    assert len(await contents(api, "picnic", assignee="none")) == len(others)
    assert await contents(api, "picnic", label=str(db.uuid7())) == []


async def test_a_search_is_narrowed_by_the_person_and_the_sender(
    api: httpx.AsyncClient, client: Client, database: db.Database, church_id: UUID
) -> None:
    ada = member(church_id, "Ada")
    await hear(database, joined(church_id, ada), text("picnic Ada"))
    await hear(database, text("picnic Ben", phones.phone(20), minutes=1))
    thread_id = (await threads(database, church_id))[0].id
    async with client(church_id) as ben:
        for each, words in ((api, "picnic mine"), (ben, "picnic his")):
            url = f"/api/conversations/{thread_id}/reply"
            assert (await each.post(url, json={"content": words})).status_code == 202
    person = {"memberId": str(ada.member_id)}
    assert await contents(api, "picnic", **person) == ["picnic his", "picnic mine", "picnic Ada"]
    assert await contents(api, "picnic", sender="me", **person) == ["picnic mine"]
    assert await contents(api, "picnic", sender="me") == ["picnic mine"]
    assert await contents(api, "ada", **person) == ["picnic Ada"]
    assert await contents(api, THEIRS[-4:], **person) == []


async def test_a_filter_that_cannot_be_is_refused(api: httpx.AsyncClient) -> None:
    for narrowed in ({"sender": "she"}, {"assignee": "she"}, {"since": "2999-01-01T00:00:00Z"}):
        answer = await api.get(URL, params={"q": "picnic", **narrowed})
        assert answer.status_code == 400, answer.text


async def test_narrowing_reads_no_more_than_its_lines(
    api: httpx.AsyncClient,
    running: Running,
    database: db.Database,
    church_id: UUID,
    threads_of_filters: str,
) -> None:
    await hear(database, *(text(f"picnic {n}", minutes=n) for n in range(4)))
    with explain.watched(running.database) as ran:
        await api.get(URL, params={"q": "picnic", "assignee": "none", "limit": 2})
    assert len(ran) <= (6 if threads_of_filters == "few" else 7)


NUMBERS = itertools.count(1)
SENDERS = st.lists(st.integers(20, 23), min_size=1, max_size=12)


@on_servers(examples=10)
@given(senders=SENDERS, labelled_one=st.integers(20, 23))
async def test_both_ways_find_the_same(
    client: Any, database: db.Database, senders: list[int], labelled_one: int
) -> None:
    number = phones.phone(400 + next(NUMBERS))
    church_id = await church(database, number)
    await hear(
        database,
        *(
            text(f"picnic {n}", phones.phone(each), number, minutes=n)
            for n, each in enumerate(senders)
        ),
    )
    wanted = [f"picnic {n}" for n, each in enumerate(senders) if each == labelled_one][::-1]
    async with client(church_id) as api:
        label = (await labelled(api, "Food"))["id"]
        for thread in (await api.get("/api/conversations")).json()["data"]:
            if thread["phone"] == phones.phone(labelled_one):
                url = f"/api/conversations/{thread['id']}/labels"
                await api.put(url, json={"labelIds": [label]})
        assert await contents(api, "picnic", label=label) == wanted
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(search_filters, "FEW", -1)
            patch.setattr(matches, "SCAN", 2)
            assert await contents(api, "picnic", label=label) == wanted
