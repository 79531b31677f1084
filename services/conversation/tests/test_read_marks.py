"""Each of the team has what they have not read, beside what the church has not."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from koinonia.common import clock, db, migrations
from koinonia.common.events.auth import AdminRemoved
from koinonia.common.events.conversation import ConversationsRead
from koinonia.common.identity import Role
from koinonia.common.runtime import Running
from koinonia.common.testing import phones, probe
from koinonia.common.testing.databases import Databases
from koinonia.common.testing.properties import on_servers
from koinonia.common.testing.secrets import role_password
from koinonia.conversation.threads import read_marks, unread_threads

from .conftest import SignedIn
from .factories import START, admin, church, hear, said, text

LIST = "/api/conversations"
DAY = timedelta(days=1)


async def colleague(database: db.Database, church_id: UUID) -> UUID:
    """Somebody who joined before all texts."""
    event = admin(church_id, occurred_at=START - timedelta(days=300))
    await hear(database, event)
    return event.admin_id


@pytest_asyncio.fixture
async def ruth(
    signed_in: SignedIn, database: db.Database, church_id: UUID
) -> AsyncIterator[httpx.AsyncClient]:
    async with signed_in(church_id, await colleague(database, church_id)) as http:
        yield http


@pytest_asyncio.fixture
async def omar(
    signed_in: SignedIn, database: db.Database, church_id: UUID
) -> AsyncIterator[httpx.AsyncClient]:
    async with signed_in(church_id, await colleague(database, church_id)) as http:
        yield http


async def listed(api: httpx.AsyncClient, query: str = "") -> dict[str, bool]:
    """By the ids of the threads."""
    rows = (await api.get(f"{LIST}{query}")).json()["data"]
    return {each["id"]: each["unreadForMe"] for each in rows}


async def unread(api: httpx.AsyncClient, query: str = "") -> dict[str, bool]:
    """In the list, where it is the same as in each thread."""
    found = await listed(api, query)
    for thread_id, is_unread in found.items():
        shown = (await api.get(f"{LIST}/{thread_id}")).json()
        assert shown["unreadForMe"] is is_unread
    return found


async def unread_of(*people: httpx.AsyncClient) -> list[bool]:
    """Of the only thread."""
    return [next(iter((await unread(each)).values())) for each in people]


async def marks(database: db.Database, church_id: UUID) -> int:
    async with database.transaction(church_id) as session:
        return len(await probe.rows(session, "SELECT * FROM read_marks"))


async def test_what_one_has_read_another_has_not(
    ruth: httpx.AsyncClient, omar: httpx.AsyncClient, thread_id: UUID
) -> None:
    assert await unread_of(ruth, omar) == [True, True]
    await ruth.patch(f"{LIST}/{thread_id}/read")
    assert await unread_of(ruth, omar) == [False, True]
    [item] = (await omar.get(LIST)).json()["data"]
    assert item["unreadCount"] == 0
    await omar.patch(f"{LIST}/{thread_id}/read")  # nothing changes for the church
    assert await unread_of(ruth, omar) == [False, False]


@pytest.mark.parametrize("minutes", [1, -60], ids=["in order", "late"])
async def test_a_new_text_is_unread_for_both_even_if_it_comes_late(
    ruth: httpx.AsyncClient,
    omar: httpx.AsyncClient,
    database: db.Database,
    thread_id: UUID,
    minutes: float,
) -> None:
    for each in (ruth, omar):
        await each.patch(f"{LIST}/{thread_id}/read")
    await hear(database, text("Again", minutes=minutes))
    assert await unread_of(ruth, omar) == [True, True]


async def test_who_answers_or_reads_many_has_read(
    ruth: httpx.AsyncClient, omar: httpx.AsyncClient, thread_id: UUID
) -> None:
    await ruth.post(f"{LIST}/{thread_id}/reply", json={"content": "Yes"})
    assert await unread_of(ruth, omar) == [False, True]
    await omar.post(f"{LIST}/bulk", json={"ids": [str(thread_id)], "read": True})
    assert await unread_of(ruth, omar) == [False, False]


async def test_whoever_reads_is_told_on_their_other_pages_and_once(
    ruth: httpx.AsyncClient, omar: httpx.AsyncClient, database: db.Database, thread_id: UUID
) -> None:
    await ruth.patch(f"{LIST}/{thread_id}/read")
    await omar.post(f"{LIST}/{thread_id}/reply", json={"content": "Yes"})
    for each in (ruth, omar):  # neither has anything left to read
        await each.post(f"{LIST}/bulk", json={"ids": [str(thread_id)], "read": True})
    told = await said(database, ConversationsRead)
    assert [each.conversation_ids for each in told] == [(thread_id,)] * 2
    assert len({each.admin_id for each in told}) == 2


async def test_no_answer_and_no_tag_of_one_is_given_to_another(
    ruth: httpx.AsyncClient, omar: httpx.AsyncClient, thread_id: UUID
) -> None:
    for url in (LIST, f"{LIST}/{thread_id}"):
        tags = [(await each.get(url)).headers["etag"] for each in (ruth, omar)]
        assert len(set(tags)) == 2
        crossed = await omar.get(url, headers={"If-None-Match": tags[0]})
        kept = await omar.get(url, headers={"If-None-Match": tags[1]})
        assert (crossed.status_code, kept.status_code) == (200, 304)


async def test_an_answer_that_somebody_has_is_old_once_they_have_read_and_not_by_others(
    ruth: httpx.AsyncClient, omar: httpx.AsyncClient, thread_id: UUID
) -> None:
    await ruth.patch(f"{LIST}/{thread_id}/read")
    tags = {each: (await each.get(LIST)).headers["etag"] for each in (ruth, omar)}
    await omar.patch(f"{LIST}/{thread_id}/read")
    again = [
        (await each.get(LIST, headers={"If-None-Match": tags[each]})).status_code
        for each in (ruth, omar)
    ]
    assert again == [304, 200]


async def test_later_pages_and_searches_say_the_same(
    ruth: httpx.AsyncClient, omar: httpx.AsyncClient, database: db.Database, thread_id: UUID
) -> None:
    await hear(database, text("Second", sender=phones.phone(2), minutes=1))
    await ruth.patch(f"{LIST}/{thread_id}/read")
    for each, expected in ((ruth, False), (omar, True)):
        assert (await unread(each, "?limit=1&page=2")) == {str(thread_id): expected}
        [found] = (await each.get(f"{LIST}/search?q=Hello")).json()["data"]
        assert found["conversation"]["unreadForMe"] is expected


async def test_what_came_before_somebody_joined_is_read_whenever_we_hear_of_them(
    signed_in: SignedIn, database: db.Database, church_id: UUID, thread_id: UUID
) -> None:
    newcomer = admin(church_id)
    async with signed_in(church_id, newcomer.admin_id) as http:
        assert await unread_of(http) == [False]
        await hear(database, text("Again", minutes=1))
        await hear(database, newcomer)
        assert await unread_of(http) == [True]


async def test_for_a_viewer_it_is_what_it_is_for_the_church(
    signed_in: SignedIn, ruth: httpx.AsyncClient, church_id: UUID, thread_id: UUID
) -> None:
    async with signed_in(church_id, db.uuid7(), Role.VIEWER) as viewer:
        before = await unread_of(viewer), await found_unread(viewer)
        await ruth.patch(f"{LIST}/{thread_id}/read")
        after = await unread_of(viewer), await found_unread(viewer)
    assert (before, after) == (([True], {str(thread_id)}), ([False], set()))


async def test_no_list_of_what_somebody_has_not_read_is_given_to_another_or_is_old_for_its_reader(
    ruth: httpx.AsyncClient, omar: httpx.AsyncClient, thread_id: UUID
) -> None:
    for each in (ruth, omar):  # kept for each of them
        assert await found_unread(each) == {str(thread_id)}
    await ruth.patch(f"{LIST}/{thread_id}/read")
    assert (await found_unread(ruth), await found_unread(omar)) == (set(), {str(thread_id)})


async def test_filters_hold_beside_what_somebody_has_not_read(
    ruth: httpx.AsyncClient, database: db.Database, thread_id: UUID
) -> None:
    await hear(database, text("Hello", sender=phones.phone(2), minutes=1))
    await ruth.patch(f"{LIST}/{thread_id}/status", json={"status": "closed"})
    both = {"unread": "mine", "status": "closed", "assignee": "none"}
    for way in WAYS:
        with finding(way):
            rows = (await ruth.get(LIST, params=both)).json()["data"]
        assert [each["id"] for each in rows] == [str(thread_id)]
    assert (await ruth.get(f"{LIST}/counts")).json()["unreadForMe"]["total"] == 1


async def test_what_one_has_not_read_comes_by_cursor_and_is_true_or_mine(
    ruth: httpx.AsyncClient,
) -> None:
    for query, code in (
        ("unread=mine&page=2", "UNREAD_BY_PAGE"),
        ("unread=hers", "VALIDATION_ERROR"),
    ):
        answer = await ruth.get(f"{LIST}?{query}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)


async def test_what_somebody_reads_is_settled_once_and_by_itself(
    ruth: httpx.AsyncClient,
    running: Running,
    database: db.Database,
    church_id: UUID,
    thread_id: UUID,
) -> None:
    async def settled() -> list[bool]:
        async with database.transaction(church_id) as session:
            rows = await probe.rows(session, "SELECT settled_through IS NOT NULL AS it FROM team")
            due = await probe.rows(session, "SELECT * FROM due_work WHERE kind = 'settling'")
        return [*(row.it for row in rows), bool(due)]

    with finding("settled"):
        await ruth.patch(f"{LIST}/{thread_id}/read")
        before = await settled()
        await unread_threads.settle_due(running)
    assert (before, await settled()) == ([False, True], [True, False])
    assert await found_unread(ruth) == set()


async def test_who_joined_earlier_than_was_known_has_unread_what_came_since(
    signed_in: SignedIn, database: db.Database, church_id: UUID, thread_id: UUID
) -> None:
    known = admin(church_id, occurred_at=clock.now())
    await hear(database, known)
    async with signed_in(church_id, known.admin_id) as http:
        with finding("settled"):
            async with database.transaction(church_id) as session:
                await unread_threads.settle(session, church_id, known.admin_id)
            before = await found_unread(http)
            joined = known.model_copy(update={"id": db.uuid7(), "occurred_at": START - DAY})
            await hear(database, joined)
        assert (before, await found_unread(http)) == (set(), {str(thread_id)})


async def test_marks_go_with_who_is_removed(
    signed_in: SignedIn, database: db.Database, church_id: UUID, thread_id: UUID
) -> None:
    kept, gone = [await colleague(database, church_id) for _ in range(2)]
    for each in (kept, gone):
        async with signed_in(church_id, each) as http:
            await http.patch(f"{LIST}/{thread_id}/read")
    before = await marks(database, church_id)
    removed = AdminRemoved(church_id=church_id, admin_id=gone)
    await hear(database, removed)
    assert (before, await marks(database, church_id)) == (2, 1)


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("text"), st.integers(1, 3), st.integers(-90, 90)),
        st.tuples(st.just("read"), st.integers(0, 1), st.integers(1, 3)),
        st.tuples(st.just("reply"), st.integers(0, 1), st.integers(1, 3)),
        st.tuples(st.just("merge"), st.integers(1, 3), st.integers(1, 3)),
    ),
    max_size=8,
)


async def found_unread(api: httpx.AsyncClient, way: str = "few") -> set[str]:
    """In the list of what somebody has not read, where it is as in a search and as many as the
    counts say."""
    found = list[str]()
    cursor = dict[str, str]()
    while True:
        page = (await api.get(LIST, params={"unread": "mine", "limit": 2, **cursor})).json()
        assert all(each["unreadForMe"] for each in page["data"])
        found += [each["id"] for each in page["data"]]
        if not page["hasMore"]:
            break
        cursor = {"cursor": page["nextCursor"]}
    hits = (await api.get(f"{LIST}/search", params={"q": "Hello", "unread": "mine"})).json()
    assert {each["conversation"]["id"] for each in hits["data"]} == set(found)
    counts = (await api.get(f"{LIST}/counts")).json()["unreadForMe"]
    assert way == "many" or counts == {"total": len(found), "hasMore": False}
    assert len(set(found)) == len(found)
    return set(found)


WAYS = ("few", "settled", "many")


@contextmanager
def finding(way: str) -> Iterator[None]:
    """A way in which what somebody has not read is found; of many, in pages of two threads looked
    at."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(read_marks, "BEHIND", timedelta())
        patch.setattr(unread_threads, "WORTH", 0)
        if way == "many":
            patch.setattr(unread_threads, "unread_ids", _nothing_known)
            patch.setattr(unread_threads, "SCAN", 2)
        yield


async def _nothing_known(*_: object) -> None:
    return None


@on_servers(examples=5)
@given(steps=STEPS, way=st.sampled_from(WAYS))
async def test_in_any_order_everybody_has_unread_what_came_since_they_read_it(
    signed_in: SignedIn, database: db.Database, steps: list[tuple[str, int, int]], way: str
) -> None:
    ours = phones.phone(next(_NUMBERS))
    church_id = await church(database, ours)
    ids = [await colleague(database, church_id) for _ in range(2)]
    async with signed_in(church_id, ids[0]) as one, signed_in(church_id, ids[1]) as other:
        people = one, other
        expected: list[dict[str, bool]] = [{}, {}]
        for what, first, second in steps:
            shown = {each["phone"]: each["id"] for each in (await one.get(LIST)).json()["data"]}
            if what == "text":
                event = text(sender=phones.phone(first), to=ours, minutes=second)
                await hear(database, event)
                shown = {each["phone"]: each["id"] for each in (await one.get(LIST)).json()["data"]}
                for mine in expected:
                    mine[shown[phones.phone(first)]] = True
            elif what == "merge":
                await _merge(one, shown, expected, phones.phone(first), phones.phone(second))
            elif thread := shown.get(phones.phone(second)):
                await _take_up(people[first], what, thread)
                expected[first][thread] = False
            assert [await listed(each) for each in people] == expected
            await agree(database, church_id, ids, people, expected, way)
        assert [await unread(each) for each in people] == expected


async def agree(
    database: db.Database,
    church_id: UUID,
    ids: Sequence[UUID],
    people: Sequence[httpx.AsyncClient],
    expected: Sequence[Mapping[str, bool]],
    way: str,
) -> None:
    """Whether everybody finds what they have not read, also once that is settled."""
    with finding(way):
        for who, each, mine in zip(ids, people, expected, strict=True):
            assert await found_unread(each, way) == {
                thread for thread, is_unread in mine.items() if is_unread
            }
            if way == "settled":
                async with database.transaction(church_id) as session:
                    await unread_threads.settle(session, church_id, who)


_NUMBERS = iter(range(10, 700))


async def _take_up(api: httpx.AsyncClient, what: str, thread: str) -> None:
    if what == "read":
        answer = await api.patch(f"{LIST}/{thread}/read")
    else:
        answer = await api.post(f"{LIST}/{thread}/reply", json={"content": "Yes"})
    assert answer.is_success, answer.text


async def _merge(
    api: httpx.AsyncClient,
    shown: dict[str, str],
    expected: list[dict[str, bool]],
    into: str,
    gone: str,
) -> None:
    if into == gone or not {into, gone} <= shown.keys():
        return
    answer = await api.post(f"{LIST}/{shown[into]}/merge", json={"fromId": shown[gone]})
    assert answer.is_success, answer.text
    for mine in expected:
        mine[shown[into]] |= mine.pop(shown[gone])


async def test_the_migration_keeps_threads_which_all_have_read_then(
    ruth: httpx.AsyncClient, databases: Databases, database: db.Database, thread_id: UUID
) -> None:
    await migrations.downgrade(databases.admin_url, "conversation", revision="conversation_0018")
    password = role_password(databases.admin_url)
    await migrations.upgrade(databases.admin_url, "conversation", password)
    before = await listed(ruth)
    await hear(database, text("Again", minutes=1))
    assert (before, await listed(ruth)) == ({str(thread_id): False}, {str(thread_id): True})
