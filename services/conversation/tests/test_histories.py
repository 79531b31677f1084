"""Whatever happens in whatever order: what a thread says of its messages is true of its rows."""

import asyncio
import itertools
from typing import Any
from uuid import UUID

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from koinonia.common import db
from koinonia.common.events.messaging import DeliveryStatus
from koinonia.common.testing import phones

from .factories import PHONES, hear, progressed, text

SENDERS = itertools.count(100)
"""Each history is of a phone of its own, so that one database serves them all."""

minutes = st.integers(0, 5)  # few, so that some texts have the same time
steps = st.one_of(
    st.tuples(st.just("inbound"), minutes),
    st.tuples(st.just("twin"), st.integers(0, 9)),
    st.tuples(st.just("read"), st.none()),
    st.tuples(st.just("reply"), st.none()),
    st.tuples(st.just("report"), st.sampled_from(list(DeliveryStatus))),
    st.tuples(st.just("status"), st.sampled_from(["open", "closed", "archived"])),
)


class History:
    """One thread and everything that was said in it."""

    def __init__(self, api: httpx.AsyncClient, database: db.Database, church_id: UUID) -> None:
        self._api, self._database, self._church_id = api, database, church_id
        self._sender = phones.phone(next(SENDERS))
        self._texts = [text(sender=self._sender)]
        self._replies = list[str]()
        self._url = ""

    async def begin(self) -> None:
        await hear(self._database, self._texts[0])
        self._url = f"/api/conversations/{(await self.state()).id}"

    async def take(self, step: str, what: Any) -> None:
        match step:
            case "inbound":
                self._texts.append(text(sender=self._sender, minutes=what))
                await hear(self._database, self._texts[-1])
            case "twin":
                one = self._texts[what % len(self._texts)]
                await hear(self._database, one.model_copy(update={"id": db.uuid7()}))
            case "read":
                await self._api.patch(f"{self._url}/read")
            case "reply":
                answer = await self._api.post(f"{self._url}/reply", json={"content": "Yes"})
                self._replies.append(answer.json()["id"])
            case "report" if self._replies:
                reply_id = UUID(self._replies[-1])
                await hear(self._database, progressed(self._church_id, reply_id, what))
            case "status":
                await self._api.patch(f"{self._url}/status", json={"status": what})

    async def state(self) -> Any:
        """What the thread says beside what its rows say."""
        async with self._database.transaction(self._church_id) as session:
            return await db.first(
                session,
                """
                SELECT c.id, count(*) AS rows, c.unread_count,
                       count(*) FILTER (WHERE NOT m.is_read) AS unread_rows,
                       (c.last_message_at, c.last_message_id, c.last_message_direction,
                        c.last_message_content, c.last_message_status)::text AS said,
                       (array_agg((m.occurred_at, m.id, m.direction, m.content, m.status)::text
                                  ORDER BY m.occurred_at DESC, m.id DESC))[1] AS newest
                  FROM conversations c JOIN conversation_messages m ON m.conversation_id = c.id
                 WHERE c.our_number = :ours AND c.phone_index = :index GROUP BY c.id
                """,
                {
                    "ours": self._texts[0].to,
                    "index": PHONES.index(self._church_id, self._sender),
                },
            )

    @property
    def length(self) -> int:
        return len(self._texts) + len(self._replies)


histories = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@histories
@given(history=st.lists(steps, max_size=12))
async def test_unread_is_the_unread_rows_and_the_last_message_the_newest_after_every_step(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID, history: list[tuple[str, Any]]
) -> None:
    thread = History(api, database, church_id)
    await thread.begin()
    for step, what in history:
        await thread.take(step, what)
        state = await thread.state()
        assert (state.unread_count, state.said) == (state.unread_rows, state.newest)
        assert state.rows == thread.length


@histories
@given(history=st.lists(steps, min_size=4, max_size=12))
async def test_the_same_holds_when_everything_happens_at_once(
    api: httpx.AsyncClient, database: db.Database, church_id: UUID, history: list[tuple[str, Any]]
) -> None:
    thread = History(api, database, church_id)
    await thread.begin()
    await asyncio.gather(*(thread.take(step, what) for step, what in history))
    state = await thread.state()
    assert (state.unread_count, state.said) == (state.unread_rows, state.newest)
    assert state.rows == thread.length
