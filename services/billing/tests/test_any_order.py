"""Whatever the order of events: used is the sum of the ledger, and at the end nothing is held."""

from collections import deque
from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from koinonia.billing.errors import SubscriptionPending
from koinonia.common import db
from koinonia.common.events import Event
from koinonia.common.events.auth import ChurchRegistered
from koinonia.common.events.billing import SpendApproved, SpendDeclined
from koinonia.common.testing import probe
from koinonia.common.testing.properties import on_servers

from . import factories

Plan = tuple[int, list[int], bool]  # parts reserved, parts of each report, whether cancelled

PLANS = st.lists(
    st.tuples(st.integers(1, 40), st.lists(st.integers(-3, 20), max_size=4), st.booleans()),
    min_size=1,
    max_size=3,
)


@on_servers(examples=40)
@given(plans=PLANS, allowance=st.integers(0, 60), data=st.data())
async def test_in_any_order_the_figures_add_up_and_nothing_stays_held(
    database: db.Database, plans: list[Plan], allowance: int, data: st.DataObject
) -> None:
    church_id = db.uuid7()
    events = [factories.registered(church_id), *_events(church_id, plans)]
    order = data.draw(st.permutations([*events, *events[::3]]))  # some arrive twice
    waiting = deque(order)
    while waiting:
        batch = [waiting.popleft()]
        if not isinstance(batch[0], ChurchRegistered):  # a batch is of one kind, in their order
            while waiting and type(waiting[0]) is type(batch[0]) and data.draw(st.booleans()):
                batch.append(waiting.popleft())
        try:
            await factories.hear_together(database, batch, allowance)
        except SubscriptionPending:
            waiting.extend(batch)
        else:
            await _adds_up(database, church_id)
    used, reserved = await factories.figures(database, church_id)
    assert (used, reserved) == (sum(sum(reports) for _, reports, _ in plans), 0)


def _events(church_id: UUID, plans: Sequence[Plan]) -> list[Event]:
    events: list[Event] = []
    for parts, reports, is_cancelled in plans:
        message = factories.created(church_id, parts)
        end = factories.cancelled if is_cancelled else factories.completed
        events += [message, end(church_id, message.message_id)]
        events += [factories.reported(church_id, message.message_id, each) for each in reports]
    return events


async def _adds_up(database: db.Database, church_id: UUID) -> None:
    async with database.transaction(church_id) as session:
        row = await probe.first(
            session,
            """
            SELECT used_parts, reserved_parts,
                   (SELECT coalesce(sum(parts), 0) FROM usage_entries) AS entered,
                   (SELECT coalesce(sum(greatest(parts_reserved - greatest(parts_consumed, 0), 0)),
                                    0)
                      FROM reservations WHERE state = 'open') AS held
              FROM subscriptions
            """,
        )
    assert row is None or (row.used_parts, row.reserved_parts) == (row.entered, row.held)


@on_servers(examples=25)
@given(
    parts=st.lists(st.integers(1, 50), min_size=1, max_size=6),
    allowance=st.integers(0, 120),
    is_together=st.booleans(),
)
async def test_every_message_gets_one_answer_and_no_plan_is_overdrawn(
    database: db.Database, parts: list[int], allowance: int, is_together: bool
) -> None:
    church_id = await factories.church(database, allowance)
    messages = [factories.created(church_id, each) for each in parts]
    for batch in [messages * 2] if is_together else [[each] for each in messages * 2]:
        await factories.hear_together(database, batch)
    said = await factories.said(database, SpendApproved, SpendDeclined)
    answers = [each.message_id for each in said if each.church_id == church_id]
    assert sorted(answers) == sorted(message.message_id for message in messages)
    held, left = [], allowance
    for message in messages:
        if message.parts <= left:
            held.append(message.message_id)
            left -= message.parts
    approved = {each.message_id for each in said if isinstance(each, SpendApproved)}
    assert set(held) == approved & set(answers)
    assert (await factories.figures(database, church_id))[1] == allowance - left


async def test_the_cost_of_a_period_is_the_sum_of_its_ledger(database: db.Database) -> None:
    church_id = await factories.church(database)
    message = factories.created(church_id, parts=3)
    costs = ["0.00435", "0.00435", "-0.001"]
    reports = [factories.reported(church_id, message.message_id, 1, cost) for cost in costs]
    await factories.hear(database, message, *reports)
    found = await factories.subscription(database, church_id)
    assert found.used_cost == Decimal("0.0077")
