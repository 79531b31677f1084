"""What narrows a search beside words: times, and whose the lines are."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field

from koinonia.common import db
from koinonia.common.identity import Identity
from koinonia.common.schema import Instant, Schema
from koinonia.conversation.listing.filters import Filters
from koinonia.conversation.listing.list_query import (
    ANY,
    ME,
    Unread,
    parse_assignee,
    parse_id,
)
from koinonia.conversation.listing.thread_pages import Place
from koinonia.conversation.threads import unread_threads

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
    unread: Unread = ANY

    @property
    def threads(self) -> Filters:
        """What they say of a thread, but for who is on its phone and who has not read it."""
        return Filters(label=self.label, assignee=self.assignee, unread=self.unread.of_church)

    @property
    def narrows_facets(self) -> bool:
        return (self.label or self.assignee) is not None or self.unread.of_church

    @property
    def narrows_threads(self) -> bool:
        persons = self.member_id or self.unread.reader_id
        return persons is not None or self.narrows_facets

    def thread_condition(self, thread: str) -> str:
        """SQL of what they say of the facets of a thread, whose id is given as SQL."""
        if not self.narrows_facets:
            return "true"
        facets = self.threads.facets
        narrowed = " AND ".join(["true", *self.threads.narrowed("p")])
        return f"""
            (SELECT count(*) FROM conversation_facets AS p
              WHERE p.church_id = :church AND p.conversation_id = {thread}
                AND p.facet = ANY(ARRAY[{", ".join(facets)}]) AND {narrowed}) = {len(facets)}
        """

    def facets_given(self, church_id: UUID) -> dict[str, object]:
        """The parameters of that condition."""
        return self.threads.given(church_id) if self.narrows_facets else {"church": church_id}

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
    """They hold together. With a member, a label, an assignee, a sender or `unread` only messages
    are searched, no names and phone numbers."""

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

    unread: bool | Literal["mine"] = Field(
        default=False,
        description="in conversations with texts that nobody of the church has read, or, mine, in "
        "those that are `unreadForMe`",
    )

    def filters(self, admin: Identity) -> SearchFilters:
        """``admin`` is me."""
        assignee = admin.admin_id if self.assignee == ME else self.assignee
        wanted = SearchFilters(
            since=self.since,
            until=self.until,
            member_id=self.member_id,
            label=self.label,
            assignee=assignee,
            unread=Unread.parse(self.unread, admin),
        )
        if self.sender is None:
            return wanted
        return replace(
            wanted, sender=admin.admin_id if self.sender == ME else UUID(str(self.sender))
        )


async def few_threads(
    session: db.Session, church_id: UUID, filters: SearchFilters
) -> list[UUID] | None:
    """The threads that are meant; None where all are, or more than a few."""
    if not filters.narrows_threads:
        return None
    given, reader_id = filters.facets_given(church_id), filters.unread.reader_id
    if filters.member_id is not None:
        given["member"] = filters.member_id
        if reader_id is not None:
            given["admin"] = reader_id
        found = f"""
            SELECT c.id FROM conversations AS c
             WHERE c.church_id = :church
               AND c.phone_index IN (SELECT phone_index FROM known_people
                                      WHERE church_id = :church AND member_id = :member)
               AND {filters.thread_condition("c.id")}
               AND {"true" if reader_id is None else unread_threads.is_unread("c.id")}
             LIMIT :most
        """
    elif reader_id is not None:
        unread = await unread_threads.unread_ids(session, church_id, reader_id)
        if unread is None:
            return None
        given["unread"] = unread
        found = f"""
            SELECT u.id FROM unnest(CAST(:unread AS uuid[])) AS u (id)
             WHERE {filters.thread_condition("u.id")} LIMIT :most
        """
    else:
        wanted = filters.threads
        narrowed = " AND ".join(["true", *wanted.narrowed("f")])
        found = f"""
            SELECT f.conversation_id FROM conversation_facets AS f
             WHERE f.church_id = :church AND f.facet = {wanted.facets[0]} AND {narrowed}
               AND {filters.thread_condition("f.conversation_id")}
             ORDER BY f.last_message_at DESC, f.conversation_id DESC LIMIT :most
        """
    ids = await db.values(session, UUID, found, {**given, "most": FEW + 1})
    return ids if len(ids) <= FEW else None
