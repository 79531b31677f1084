"""Whatever happens in whatever order: what is kept beside the rows is true of the rows."""

import asyncio
import itertools
from typing import Any
from uuid import UUID

import httpx
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from koinonia.common import db
from koinonia.common.events.messaging import (
    DeliveryStatus,
    GroupMembersChanged,
    GroupMoves,
    GroupRemoved,
    ManyGroupsChanged,
    MemberRemoved,
    MemberUpdated,
    StopAsked,
    StopSettled,
)
from koinonia.common.runtime import Running
from koinonia.common.testing import phones, probe
from koinonia.common.testing.properties import on_servers
from koinonia.conversation.listing import thread_counts

from .factories import PHONES, admin, asked, at, hear, member, progressed, settled, text
from .truths import untrue

SENDERS = itertools.count(100, 2)
"""Each history is of two phones of its own, so that one database serves them all."""

ADMINS = [UUID(int=n) for n in (1, 2)]
GROUPS = [UUID(int=n) for n in (3, 4)]

some = st.integers(0, 9)
minutes = st.integers(0, 5)  # few, so that some have the same time
steps = st.one_of(
    st.tuples(st.just("inbound"), minutes),
    st.tuples(st.just("twin"), some),
    st.tuples(st.just("read"), st.none()),
    st.tuples(st.just("reply"), st.none()),
    st.tuples(st.just("report"), st.sampled_from(list(DeliveryStatus))),
    st.tuples(st.just("status"), st.sampled_from(["open", "closed", "archived"])),
    st.tuples(st.just("assign"), st.sampled_from([None, *ADMINS])),
    st.tuples(st.just("label"), some),
    st.tuples(st.just("snooze"), st.none()),
    st.tuples(st.just("wake"), st.none()),
    st.tuples(st.just("note"), st.none()),
    st.tuples(st.just("member"), st.tuples(some, minutes)),
    st.tuples(st.just("group"), st.tuples(some, minutes)),
    st.tuples(st.just("merge"), minutes),
    st.tuples(st.just("ask"), minutes),
    st.tuples(st.just("settle"), minutes),
    st.tuples(st.just("add up"), st.none()),
)


class History:
    """One thread and everything that was said in it, and done with it."""

    def __init__(self, api: httpx.AsyncClient, running: Running, church_id: UUID) -> None:
        self._api, self._running, self._church_id = api, running, church_id
        self._database = running.database
        first = next(SENDERS)
        self._sender, self._other = phones.phone(first), phones.phone(first + 1)
        self._texts = [text(sender=self._sender)]
        self._lines = 1
        self._replies = list[str]()
        self._members = [db.uuid7() for _ in range(2)]
        self._id, self._url, self._labels = "", "", list[str]()

    async def begin(self) -> None:
        await hear(self._database, self._texts[0])
        [self._id] = await self._threads(self._sender)
        self._url = f"/api/conversations/{self._id}"
        for n in range(2):
            given = {"name": f"{self._id} {n}", "colour": "#2f7d6b"}
            self._labels.append((await self._api.post("/api/labels", json=given)).json()["id"])

    async def take(self, step: str, what: Any) -> None:
        match step:
            case "inbound":
                self._texts.append(text(sender=self._sender, minutes=what))
                self._lines += 1
                await hear(self._database, self._texts[-1])
            case "twin":
                one = self._texts[what % len(self._texts)]
                await hear(self._database, one.model_copy(update={"id": db.uuid7()}))
            case "report" if self._replies:
                reply_id = UUID(self._replies[-1])
                await hear(self._database, progressed(self._church_id, reply_id, what))
            case "member":
                await hear(self._database, self._person(*what))
            case "group":
                await hear(self._database, self._grouped(*what))
            case "merge":
                await self._merge(what)
            case "ask" | "settle":
                await hear(self._database, self._question(step, what))
            case "add up":
                await thread_counts.add_up(self._running)
            case _:
                await self._work(step, what)

    async def _work(self, step: str, what: Any) -> None:
        """What staff do through the routes."""
        match step:
            case "read":
                await self._ask("PATCH", "/read")
            case "reply":
                self._lines += 1
                self._replies.append((await self._ask("POST", "/reply", content="Yes"))["id"])
            case "note":
                self._lines += 1
                await self._ask("POST", "/notes", content="Hm")
            case "status":
                await self._ask("PATCH", "/status", status=what)
            case "assign":
                await self._ask("PATCH", "/assign", adminId=str(what) if what else None)
            case "label":
                verb = "addLabelIds" if what % 3 else "removeLabelIds"
                given = {"ids": [self._id], verb: [self._labels[what % 2]]}
                answer = await self._api.post("/api/conversations/bulk", json=given)
                assert answer.status_code == 200, answer.text
            case "snooze":
                await self._ask("POST", "/snooze", until="2027-01-01T00:00:00Z")
            case "wake":
                await self._ask("DELETE", "/snooze")

    async def _ask(self, method: str, route: str, **body: Any) -> Any:
        answer = await self._api.request(method, f"{self._url}{route}", json=body or None)
        assert answer.is_success, answer.text
        return answer.json()

    def _person(self, which: int, minutes: int) -> MemberUpdated | MemberRemoved:
        member_id, when = self._members[which % 2], at(minutes)
        if which >= 8:
            gone = [member_id]
            return MemberRemoved(church_id=self._church_id, member_ids=gone, occurred_at=when)
        phone = self._other if which >= 6 else self._sender
        known = member(self._church_id, phone=phone, member_id=member_id)
        return MemberUpdated(church_id=self._church_id, members=[known], occurred_at=when)

    def _grouped(
        self, which: int, minutes: int
    ) -> GroupMembersChanged | ManyGroupsChanged | GroupRemoved:
        group_id, member_id = GROUPS[which % 2], self._members[which // 2 % 2]
        given = {"church_id": self._church_id, "group_id": group_id, "occurred_at": at(minutes)}
        if which == 9:
            return GroupRemoved(**given)
        moved = {"left" if which >= 7 else "joined": (member_id,)}
        if minutes % 2:  # a file of people tells of many groups at once
            return ManyGroupsChanged(
                church_id=self._church_id,
                occurred_at=at(minutes),
                groups=(GroupMoves(group_id=group_id, **moved),),
            )
        return GroupMembersChanged(**given, **moved)

    def _question(self, step: str, minutes: int) -> StopAsked | StopSettled:
        question = asked(self._church_id, text(sender=self._sender, minutes=minutes))
        return question if step == "ask" else settled(question)

    async def _merge(self, minutes: int) -> None:
        """The other phone texts, and its thread becomes part of this one."""
        self._lines += 1
        await hear(self._database, text(sender=self._other, minutes=minutes))
        for other in await self._threads(self._other):
            given = {"fromId": other}
            answer = await self._api.post(f"{self._url}/merge", json=given)
            assert answer.status_code < 500, answer.text

    async def _threads(self, phone: str) -> list[str]:
        async with self._database.transaction(self._church_id) as session:
            index = {"index": PHONES.index(self._church_id, phone)}
            found = await probe.rows(
                session, "SELECT id FROM conversations WHERE phone_index = :index", index
            )
        return [str(row.id) for row in found]

    async def lies(self) -> dict[str, Any]:
        found: dict[str, Any] = await untrue(self._database, self._church_id)
        threads = [*await self._threads(self._sender), *await self._threads(self._other)]
        async with self._database.transaction(self._church_id) as session:
            lines = await probe.rows(
                session,
                "SELECT 1 FROM conversation_messages "
                "WHERE conversation_id = ANY(CAST(:ids AS uuid[]))",
                {"ids": threads},
            )
        return found if len(lines) == self._lines else {**found, "lines": (len(lines), self._lines)}


@pytest_asyncio.fixture
async def team(database: db.Database, church_id: UUID) -> None:
    await hear(database, *(admin(church_id, admin_id=each) for each in ADMINS))


histories = on_servers(examples=15)


@histories
@given(history=st.lists(steps, max_size=12))
async def test_counts_facets_unread_and_the_last_message_are_true_after_every_step(
    api: httpx.AsyncClient,
    running: Running,
    church_id: UUID,
    team: None,
    history: list[tuple[str, Any]],
) -> None:
    thread = History(api, running, church_id)
    await thread.begin()
    for step, what in history:
        await thread.take(step, what)
        assert await thread.lies() == {}, step


@histories
@given(history=st.lists(steps, min_size=4, max_size=12))
async def test_the_same_holds_when_everything_happens_at_once(
    api: httpx.AsyncClient,
    running: Running,
    church_id: UUID,
    team: None,
    history: list[tuple[str, Any]],
) -> None:
    thread = History(api, running, church_id)
    await thread.begin()
    await asyncio.gather(*(thread.take(step, what) for step, what in history))
    assert await thread.lies() == {}
