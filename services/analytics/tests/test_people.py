from datetime import timedelta
from uuid import UUID

from koinonia.common import clock
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
