"""The open questions of a church, those first that count as stops first."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from koinonia.common import db
from koinonia.common.pagination import Page, PageParams

ORDER = db.Order({"counts_from": datetime, "id": UUID}, prefix="q.")


class ListedQuestion(NamedTuple):
    """An open question with the members on its phone, in the order of joining."""

    id: UUID
    phone_sealed: str
    words: str  # sealed
    asked_at: datetime
    counts_from: datetime
    members: list[dict[str, str]]  # id, firstName, lastName


async def page(session: db.Session, church_id: UUID, params: PageParams) -> Page[ListedQuestion]:
    """By index (ix_stop_questions_counts_from)."""
    return await db.page(
        session,
        ListedQuestion,
        """
        SELECT q.id, q.phone_sealed, q.words, q.asked_at, q.counts_from,
               (SELECT coalesce(json_agg(json_build_object('id', m.id, 'firstName', m.first_name,
                                                           'lastName', m.last_name)
                                         ORDER BY m.id), '[]')
                  FROM members m
                 WHERE m.church_id = q.church_id AND m.phone_index = q.phone_index) AS members
          FROM stop_questions q
         WHERE q.church_id = :church
        """,
        {"church": church_id},
        params,
        ORDER,
        counted="SELECT count(*) FROM stop_questions WHERE church_id = :church",
    )
