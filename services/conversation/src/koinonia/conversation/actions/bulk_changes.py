"""The same change of many threads at once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common.identity import Identity
from koinonia.conversation.actions import assignment, labels, snoozes, statuses, thread_labels
from koinonia.conversation.errors import NoSuchConversation
from koinonia.conversation.threads import threads
from koinonia.conversation.threads.threads import Thread
from koinonia.conversation.threads.vocabulary import Status


@dataclass(frozen=True, slots=True)
class Change:
    """What is changed of each thread."""

    is_read: bool = False
    is_assigned: bool = False  # to nobody, where assignee_id is None
    status: Status | None = None
    assignee_id: UUID | None = None
    add_label_ids: Collection[UUID] = ()
    remove_label_ids: Collection[UUID] = ()
    snooze_until: datetime | None = None


class Outcome:
    """The threads as they are by now, which of them changed, and which ids are of none."""

    def __init__(self, thread_ids: Collection[UUID], found: Sequence[Thread]) -> None:
        self._threads = {thread.id: thread for thread in found}
        self.changed = set[UUID]()
        self.missing = [each for each in thread_ids if each not in self._threads]

    @property
    def found(self) -> list[Thread]:
        return list(self._threads.values())

    def record(self, changed: Sequence[Thread]) -> None:
        for thread in changed:
            self._threads[thread.id] = thread
            self.changed.add(thread.id)


async def apply(
    session: AsyncSession, admin: Identity, thread_ids: Collection[UUID], change: Change
) -> Outcome:
    """All in one transaction. Raises ``NoSuchConversation`` where none of them exists."""
    await _check(session, admin, change)
    found = await threads.locked_together(session, admin.church_id, thread_ids)
    if not found:
        raise NoSuchConversation(details={"ids": sorted(map(str, thread_ids))})
    outcome = Outcome(thread_ids, found)
    if change.is_read:
        outcome.record(await statuses.mark_read(session, admin, outcome.found))
    if change.is_assigned:
        outcome.record(await assignment.assign(session, admin, outcome.found, change.assignee_id))
    outcome.record(
        await thread_labels.change(
            session, outcome.found, add=change.add_label_ids, remove=change.remove_label_ids
        )
    )
    if change.status is not None:
        outcome.record(await statuses.change(session, outcome.found, change.status))
    if change.snooze_until is not None:
        outcome.record(await snoozes.snooze(session, outcome.found, change.snooze_until))
    return outcome


async def _check(session: AsyncSession, admin: Identity, change: Change) -> None:
    await assignment.check(session, admin, change.assignee_id)
    await labels.check(session, admin.church_id, {*change.add_label_ids, *change.remove_label_ids})
    if change.snooze_until is not None:
        snoozes.check(change.snooze_until)
