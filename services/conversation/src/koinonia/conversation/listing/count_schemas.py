"""Schemas of the counts of threads."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Self
from uuid import UUID

from pydantic import Field

from koinonia.common.web import Schema
from koinonia.conversation.listing.filters import EVERYTHING, NOBODY, STOP_QUESTION_OPEN
from koinonia.conversation.listing.thread_counts import FacetCount
from koinonia.conversation.listing.unread_pages import UnreadCount
from koinonia.conversation.threads.vocabulary import Status


class Tally(Schema):
    total: int = Field(default=0, examples=[12])
    unread: int = Field(default=0, description="of these, with unread messages", examples=[3])


class Statuses(Schema):
    open: Tally
    snoozed: Tally
    closed: Tally
    archived: Tally


class TallyOf(Tally):
    id: UUID


class TallyOfNumber(Tally):
    number: str = Field(examples=["+12025550100"])


class UnreadForMe(Schema):
    total: int = Field(examples=[4])
    has_more: bool = Field(description="there are more: it counts up to 1,000")


class Counts(Schema):
    """All but ``statuses`` and ``stopQuestions`` is of open conversations; what none has is left
    out."""

    statuses: Statuses
    unread_for_me: UnreadForMe = Field(
        description="how many are `unreadForMe`, whoever else has read them"
    )
    mine: Tally = Field(description="assigned to who asks")
    unassigned: Tally
    stop_questions: Tally = Field(
        description="of any status, with a text that may ask to stop and is not settled"
    )
    assignees: list[TallyOf] = Field(description="by admin")
    labels: list[TallyOf]
    groups: list[TallyOf]
    numbers: list[TallyOfNumber] = Field(description="by your own number")

    @classmethod
    def from_counts(
        cls, counts: Iterable[FacetCount], unread: UnreadCount | None, admin_id: UUID
    ) -> Self:
        """``unread`` is of the admin who asks; None if it is what it is for the church."""
        tallies: dict[tuple[str, str], Tally] = defaultdict(Tally)
        for each in counts:
            tally = tallies[each.facet, each.status]
            tally.total += each.threads
            tally.unread += each.threads if each.is_unread else 0
        opened: dict[str, dict[str, Tally]] = defaultdict(dict)
        for (facet, status), tally in sorted(tallies.items()):
            if status == Status.OPEN and tally.total:
                kind, _, value = facet.partition(":")
                opened[kind][value] = tally
        assignees = opened["assignee"]
        nobody = assignees.pop(NOBODY, Tally())
        of_church = tallies[EVERYTHING, Status.OPEN].unread
        own = unread or UnreadCount(of_church, has_more=False)
        return cls(
            unread_for_me=UnreadForMe(total=own.total, has_more=own.has_more),
            statuses=Statuses(**{each.value: tallies[EVERYTHING, each] for each in Status}),
            mine=assignees.get(str(admin_id), Tally()),
            unassigned=nobody,
            stop_questions=_sum(tallies[STOP_QUESTION_OPEN, each] for each in Status),
            assignees=_by_id(assignees),
            labels=_by_id(opened["label"]),
            groups=_by_id(opened["group"]),
            numbers=[
                TallyOfNumber(number=number, **dict(tally))
                for number, tally in opened["number"].items()
            ],
        )


def _sum(tallies: Iterable[Tally]) -> Tally:
    found = list(tallies)
    return Tally(total=sum(each.total for each in found), unread=sum(each.unread for each in found))


def _by_id(tallies: dict[str, Tally]) -> list[TallyOf]:
    return [TallyOf(id=UUID(each), **dict(tally)) for each, tally in tallies.items()]
