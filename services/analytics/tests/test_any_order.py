"""Whatever the order and grouping of events, the figures end the same and add up."""

from collections import Counter, deque
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from koinonia.analytics.columns import BY_STATUS
from koinonia.analytics.errors import ChurchUnknown
from koinonia.common import db
from koinonia.common.events import Event
from koinonia.common.events.messaging import DeliveryStatus, MessageCreated
from koinonia.common.runtime import Running
from koinonia.common.testing.properties import on_servers

from . import factories

MIDNIGHT = datetime(2026, 11, 22, 6, tzinfo=UTC)  # in Chicago
PATHS = (
    (),
    ("sending",),
    ("sending", "sent", "delivered"),
    ("sending", "failed", "delivered"),
    ("sending", "sent", "unconfirmed", "failed"),
    ("skipped",),
)


@dataclass
class Message:
    created: MessageCreated
    paths: list[tuple[str, ...]]

    def reports(self) -> list[Event]:
        """One event per step, each with every text that takes it."""
        found: list[Event] = []
        for step in range(max((len(path) for path in self.paths), default=0)):
            taking = [("pending", *path)[step : step + 2] for path in self.paths]
            changes = [
                (DeliveryStatus(pair[0]), DeliveryStatus(pair[1]))
                for pair in taking
                if len(pair) == 2
            ]
            found.append(factories.moved(self.created, *changes, parts=1))
        return found

    def ends(self) -> Counter[str]:
        return Counter(path[-1] if path else "pending" for path in self.paths)


@st.composite
def messages(draw: st.DrawFn) -> Message:
    paths = draw(st.lists(st.sampled_from(PATHS), min_size=1, max_size=4))
    kind = draw(st.sampled_from([factories.BROADCAST, factories.BROADCAST, factories.REPLY]))
    at = MIDNIGHT + timedelta(hours=draw(st.integers(-1, 1)))
    return Message(factories.created(UUID(int=0), len(paths), kind, at), paths)


@on_servers(examples=40)
@given(sent=st.lists(messages(), min_size=1, max_size=3), data=st.data())
async def test_in_any_order_the_figures_end_the_same(
    running: Running, sent: list[Message], data: st.DataObject
) -> None:
    church_id = db.uuid7()
    for message in sent:
        fresh = {"church_id": church_id, "message_id": db.uuid7(), "id": db.uuid7()}
        message.created = message.created.model_copy(update=fresh)
    events: list[Event] = [factories.registered(church_id), *(each.created for each in sent)]
    events += [report for message in sent for report in message.reports()]
    events += [factories.completed(message.created) for message in sent]
    events += [factories.joined(church_id, 3), factories.left(church_id, 1)]
    events += factories.thread(church_id, "open", "closed", "open")
    await _hear_all(running, data.draw(st.permutations([*events, *events[::4]])), data)
    assert await factories.totals(running, church_id) == _expected_totals(sent)
    await _adds_up(running, church_id, sent)


async def _hear_all(running: Running, order: list[Event], data: st.DataObject) -> None:
    """Events of one kind that follow one another may come as one batch; what is early, again."""
    waiting = deque(order)
    while waiting:
        batch = [waiting.popleft()]
        while waiting and type(waiting[0]) is type(batch[0]) and data.draw(st.booleans()):
            batch.append(waiting.popleft())
        try:
            await factories.hear_together(running, batch)
        except ChurchUnknown:
            waiting.extend(batch)


def _expected_totals(sent: list[Message]) -> dict[str, int]:
    broadcasts = [each for each in sent if each.created.kind == factories.BROADCAST]
    figures = Counter({"members": 2, "open_conversations": 1})
    figures.update(messages=len(broadcasts), replies=len(sent) - len(broadcasts))
    for message in broadcasts:
        figures.update(message.ends())
        figures.update(recipients=message.created.recipients)
    return {name: value for name, value in figures.items() if value}


async def _adds_up(running: Running, church_id: UUID, sent: list[Message]) -> None:
    """The days together are the totals, and both know where every text is."""
    totals = Counter(await factories.totals(running, church_id))
    days = list((await factories.by_day(running, church_id)).values())
    for name in ("messages", "recipients", "replies", *BY_STATUS):
        assert sum(day.get(name, 0) for day in days) == totals[name]
    assert sum(totals[name] for name in BY_STATUS) == totals["recipients"]
    assert sum(day.get("parts", 0) for day in days) == sum(len(each.reports()) for each in sent)
