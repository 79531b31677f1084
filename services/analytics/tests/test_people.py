from datetime import timedelta
from uuid import UUID

from koinonia.common import clock, db
from koinonia.common.events.auth import ChurchUpdated
from koinonia.common.runtime import Running

from .factories import hear, hear_together, joined, left, rows, thread, totals


async def test_members_are_those_who_came_and_did_not_leave(
    running: Running, church_id: UUID
) -> None:
    await hear(running, joined(church_id, 500), joined(church_id, 3), left(church_id, 2))
    assert await totals(running, church_id) == {"members": 501}


async def test_a_thread_is_open_until_it_is_closed_and_again_when_it_reopens(
    running: Running, church_id: UUID
) -> None:
    await hear_together(running, thread(church_id, "open", "open", "closed"))
    assert await totals(running, church_id) == {}
    reopened = thread(church_id, "open", "closed", "archived", "open")
    await hear_together(running, [*reopened, *thread(church_id, "open")])
    assert await totals(running, church_id) == {"open_conversations": 2}


async def test_threads_of_several_churches_are_counted_together(running: Running) -> None:
    churches = [db.uuid7() for _ in range(3)]
    for _ in range(2):
        moved = [each for church in churches for each in thread(church, "open")]
        closed = thread(churches[0], "open", "closed")
        await hear_together(running, [*moved[::2], *closed, *moved[1::2]])
    for church in churches:
        assert await totals(running, church) == {"open_conversations": 2}
        kept = await rows(running, church, "SELECT church_id FROM event_log")
        assert len(kept) == (6 if church == churches[0] else 2)


async def test_an_old_name_never_replaces_a_newer_one(running: Running, church_id: UUID) -> None:
    new, old = (
        ChurchUpdated(
            church_id=church_id,
            church_name=name,
            timezone="America/Denver",
            occurred_at=clock.now() + timedelta(minutes=minutes),
        )
        for name, minutes in (("New", 2), ("Old", 1))
    )
    await hear(running, new, old)
    [church] = await rows(running, church_id, "SELECT name, timezone FROM churches")
    assert (church.name, church.timezone) == ("New", "America/Denver")
