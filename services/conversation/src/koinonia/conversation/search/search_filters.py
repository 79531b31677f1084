"""What narrows a search beside words: times, and whose the lines are."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.schema import Instant, Schema
from koinonia.conversation.listing.filters import Filters
from koinonia.conversation.listing.list_query import ME, parse_assignee, parse_id
from koinonia.conversation.listing.thread_pages import Place

FEW = 200
"""Threads whose lines are all looked through; of more, the newest lines with the words are."""


def _sender(value: str) -> UUID | str:
    return value if value == ME else parse_id(value, "me, or the id of the admin who wrote it")


@dataclass(frozen=True, slots=True)
class SearchFilters:
    """Those that are given hold together. From ``since`` on and before ``until``."""

    since: datetime | None = None
    until: datetime | None = None
    member_id: UUID | None = None
    label: UUID | None = None
    assignee: UUID | str | None = None
    sender: UUID | None = None

    @property
    def threads(self) -> Filters:
        """What they say of a thread, but for who is on its phone."""
        return Filters(label=self.label, assignee=self.assignee)

    @property
    def narrows_threads(self) -> bool:
        return (self.member_id or self.label or self.assignee) is not None

    @property
    def is_of_lines(self) -> bool:
        """Only lines are searched: names and phones are of nobody's writing."""
        return self.narrows_threads or self.sender is not None

    def begin(self, after: Place | None) -> Place | None:
        """Where a page begins: after the cursor's place, and before ``until``."""
        if self.until is None:
            return after
        return min(after, (self.until, UUID(int=0))) if after else (self.until, UUID(int=0))


class SearchFilterQuery(Schema):
    """They hold together. With a member, a label, an assignee or a sender only messages are
    searched, no names and phone numbers."""

    since: Instant | None = Field(default=None, description="said then or later")
    until: Instant | None = Field(default=None, description="said before")
    member_id: UUID | None = Field(
        default=None, description="in conversations with the present phone of this person"
    )
    label: UUID | None = Field(default=None, description="in conversations with this label")
    assignee: Annotated[str, AfterValidator(parse_assignee)] | None = Field(
        default=None, description="me, none, or the id of an admin", examples=["me"]
    )
    sender: Annotated[str, AfterValidator(_sender)] | None = Field(
        default=None, description="me, or the id of the admin who wrote it", examples=["me"]
    )

    def filters(self, admin_id: UUID) -> SearchFilters:
        """``admin_id`` is me."""
        assignee = admin_id if self.assignee == ME else self.assignee
        wanted = SearchFilters(
            since=self.since,
            until=self.until,
            member_id=self.member_id,
            label=self.label,
            assignee=assignee,
        )
        if self.sender is None:
            return wanted
        return replace(wanted, sender=admin_id if self.sender == ME else UUID(str(self.sender)))


async def few_threads(
    session: AsyncSession, church_id: UUID, filters: SearchFilters
) -> list[UUID] | None:
    """The threads that are meant; None where all are, or more than a few."""
    if not filters.narrows_threads:
        return None
    facets = [facet for facet in filters.threads.facets if filters.label or filters.assignee]
    every = """
        (SELECT count(*) FROM conversation_facets AS p
          WHERE p.church_id = :church AND p.conversation_id = {thread}
            AND p.facet = ANY(ARRAY[{facets}])) = {count}
    """
    listed, count = ", ".join(facets), len(facets)
    if filters.member_id is not None:
        narrowed = every.format(thread="c.id", facets=listed, count=count) if facets else "true"
        found = f"""
            SELECT c.id FROM conversations AS c
             WHERE c.church_id = :church
               AND c.phone_index IN (SELECT phone_index FROM known_people
                                      WHERE church_id = :church AND member_id = :member)
               AND {narrowed}
             LIMIT :most
        """
    else:
        narrowed = every.format(thread="f.conversation_id", facets=listed, count=count)
        found = f"""
            SELECT f.conversation_id FROM conversation_facets AS f
             WHERE f.church_id = :church AND f.facet = {facets[0]}
               {f"AND {narrowed}" if count > 1 else ""}
             ORDER BY f.last_message_at DESC, f.conversation_id DESC LIMIT :most
        """
    given = filters.threads.given(church_id) if facets else {"church": church_id}
    member = {"member": filters.member_id} if filters.member_id else {}
    ids = await db.values(session, UUID, found, {**given, **member, "most": FEW + 1})
    return ids if len(ids) <= FEW else None
