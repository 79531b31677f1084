"""Schedules that are due together: many of a church in one transaction, and churches take turns."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from koinonia.common import clock
from koinonia.common.testing import explain
from koinonia.messaging.schedules import due_schedules

from . import factories
from .stage import Stage
from .sundays import SUNDAY_AT_NINE, SUNDAYS, WEEK, fire, outcomes, schedule, sent

MANY = 40


@pytest_asyncio.fixture(autouse=True)
async def no_other_schedules(stage: Stage) -> AsyncIterator[None]:
    yield
    await stage.run("DELETE FROM due_schedules")


async def copies(stage: Stage, schedule_id: UUID, count: int) -> None:
    """As many schedules more that are like it but for their words."""
    await stage.run(
        """
        INSERT INTO schedules (id, church_id, request, rule, starts_local, timezone, next_at,
                               paused_at, skipped_dates, created_by, created_at, changed_at)
        SELECT gen_random_uuid(), church_id,
               request || jsonb_build_object('content', 'Hello ' || number), rule, starts_local,
               timezone, next_at, paused_at, skipped_dates, created_by, created_at, changed_at
          FROM schedules, generate_series(1, :count) AS number WHERE id = :id
        """,
        id=schedule_id,
        count=count,
    )
    await stage.run(
        """
        INSERT INTO due_schedules (schedule_id, church_id, due_at)
        SELECT id, church_id, next_at FROM schedules WHERE church_id = :church
        ON CONFLICT DO NOTHING
        """,
        church=stage.church_id,
    )


async def another_church(stage: Stage) -> Stage:
    async with stage.running.database.transaction() as session:
        church_id = await factories.church(session)
        await factories.active_number(session, church_id)
    return Stage(stage.running, church_id, stage.network, stage.sink)


async def test_a_hundred_of_a_church_ask_for_what_is_common_once(stage: Stage) -> None:
    """Audience and row of each message; everything else of the turn is for all of them."""
    await stage.member()
    await copies(stage, await schedule(stage, rrule=SUNDAYS), MANY - 1)
    with explain.watched(stage.running.database) as ran:
        await fire(stage, SUNDAY_AT_NINE)
    assert len(await sent(stage)) == MANY
    assert len(ran) < 2 * MANY + 25
    assert await stage.query("SELECT DISTINCT due_at FROM due_schedules") == [
        (SUNDAY_AT_NINE + WEEK,)
    ]
    cut = await stage.query("SELECT message_id FROM dispatch_batches")
    announced = await stage.query(
        "SELECT position FROM outbox WHERE name = 'message.created' AND church_id = :church",
        church=stage.church_id,
    )
    assert (len(cut), len(announced)) == (MANY, MANY)


async def test_a_church_with_many_holds_up_no_other(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(due_schedules, "AT_ONCE", 5)
    await stage.member()
    await copies(stage, await schedule(stage), MANY - 1)
    small = await another_church(stage)
    await small.member()
    await schedule(small, scheduled_for={"local_time": "2027-01-03T09:00:00", "timezone": "UTC"})
    await stage.run("UPDATE due_schedules SET due_at = :at", at=SUNDAY_AT_NINE)
    await stage.run(
        "UPDATE due_schedules SET due_at = :at WHERE church_id = :church",
        at=SUNDAY_AT_NINE - timedelta(minutes=1),
        church=stage.church_id,
    )

    await fire(stage, SUNDAY_AT_NINE)

    created = await stage.query(
        """
        SELECT church_id FROM outbox WHERE name = 'message.created'
           AND church_id IN (:one, :other) ORDER BY position
        """,
        one=stage.church_id,
        other=small.church_id,
    )
    turns = [row.church_id for row in created]
    assert Counter(turns) == {stage.church_id: MANY, small.church_id: 1}
    assert turns.index(small.church_id) <= 2 * due_schedules.AT_ONCE


async def test_the_weekly_budget_counts_what_leaves_in_the_same_turn(stage: Stage) -> None:
    await stage.member()
    await stage.run(
        """
        INSERT INTO texting_rules (church_id, weekly_budget, changed_at)
        VALUES (:church, 2, now())
        """,
        church=stage.church_id,
    )
    await copies(stage, await schedule(stage), 3)
    await fire(stage, SUNDAY_AT_NINE)
    assert Counter((outcome, code) for _, outcome, code in await outcomes(stage)) == {
        ("sent", None): 2,
        ("failed", "NO_REACHABLE_MEMBERS"): 2,
    }


async def test_one_that_staff_must_mend_is_the_only_one_that_fails(stage: Stage) -> None:
    await stage.member()
    first = await schedule(stage)
    await copies(stage, first, 4)
    await stage.run(
        """
        UPDATE schedules SET request = '{"content": "Hi", "targetType": "groups",
                                         "targetIds": ["00000000-0000-7000-8000-000000000000"]}'
         WHERE id = :id
        """,
        id=first,
    )
    await fire(stage, SUNDAY_AT_NINE)
    assert Counter(code for _, _, code in await outcomes(stage)) == {None: 4, "GROUP_NOT_FOUND": 1}
    assert len(await sent(stage)) == 4


async def test_one_that_is_broken_leaves_its_turn_to_the_others(stage: Stage) -> None:
    await stage.member()
    broken = await schedule(stage)
    await copies(stage, broken, 6)
    await stage.run("UPDATE schedules SET request = '{}' WHERE id = :id", id=broken)
    await fire(stage, SUNDAY_AT_NINE)
    assert len(await sent(stage)) == 6
    [due] = await stage.query("SELECT schedule_id, due_at FROM due_schedules")
    assert (due.schedule_id, due.due_at) == (broken, SUNDAY_AT_NINE + due_schedules.AGAIN)


async def test_schedulers_that_die_in_the_middle_of_a_turn_send_nothing_twice(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(due_schedules, "AT_ONCE", 7)
    await stage.member()
    await copies(stage, await schedule(stage, rrule=SUNDAYS), MANY - 1)
    with clock.freeze(SUNDAY_AT_NINE):
        for seconds in (0.02, 0.05, 0.1, 0.2):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await due_schedules.make_messages(stage.running)
        await asyncio.gather(*(due_schedules.make_messages(stage.running) for _ in range(2)))
    messages = await sent(stage)
    assert len({each.schedule_id for each in messages}) == len(messages) == MANY
    assert len(await outcomes(stage)) == MANY


async def _a_mixture(stage: Stage) -> None:
    await stage.member()
    for given in (
        {"rrule": SUNDAYS},
        {"rrule": f"{SUNDAYS};COUNT=2", "skip_if_later_minutes": 30},
        {"rrule": "FREQ=MONTHLY;BYDAY=1SU"},
        {"scheduled_for": {"local_time": "2027-01-03T09:00:00", "timezone": "America/Denver"}},
        {"rrule": SUNDAYS, "content": "Hello {{firstName}}"},
        {},
    ):
        await schedule(stage, **given)
    await copies(stage, await schedule(stage, rrule=SUNDAYS, content="Paused"), 1)
    await stage.run(
        """
        UPDATE schedules SET paused_at = now() WHERE request ->> 'content' = 'Paused';
        """
    )
    await stage.run(
        """
        UPDATE schedules SET skipped_dates = '{2027-01-10}'
         WHERE rule LIKE 'FREQ=WEEKLY%' AND request ->> 'content' = 'Hello'
        """
    )


async def _what_became(stage: Stage) -> tuple[Any, Any]:
    done = await stage.query(
        """
        SELECT s.request ->> 'content' AS content, s.rule, s.timezone, o.occurs_at, o.outcome,
               o.code, o.message_id IS NOT NULL AS is_sent
          FROM schedule_occurrences o JOIN schedules s ON s.id = o.schedule_id
         WHERE s.church_id = :church ORDER BY 1, 2, 3, 4, 5, 6
        """,
        church=stage.church_id,
    )
    coming = await stage.query(
        """
        SELECT s.request ->> 'content' AS content, s.rule, s.timezone, s.next_at, s.status, d.due_at
          FROM schedules s LEFT JOIN due_schedules d ON d.schedule_id = s.id
         WHERE s.church_id = :church ORDER BY 1, 2, 3, 4, 5
        """,
        church=stage.church_id,
    )
    return [tuple(row) for row in done], [tuple(row) for row in coming]


async def test_together_they_become_what_each_becomes_alone(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = await another_church(stage)
    for each, at_once in ((stage, 100), (alone, 1)):
        monkeypatch.setattr(due_schedules, "AT_ONCE", at_once)
        await _a_mixture(each)
        for weeks in (0, 1, 3, 5):
            await fire(each, SUNDAY_AT_NINE + weeks * WEEK + timedelta(minutes=10 * weeks))
    together = await _what_became(stage)
    assert together == await _what_became(alone)
    assert len(together[0]) > 20
