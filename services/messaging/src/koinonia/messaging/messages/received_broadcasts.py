"""The broadcasts and test texts that one phone was sent, and what became of each."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from koinonia.common import db
from koinonia.common.pagination import Page, PageParams


class Received(NamedTuple):
    """A broadcast as it was made for this phone."""

    id: UUID
    content: str
    merge_fields: list[str]
    merge_values: list[str | None] | None
    media_urls: list[str]
    sender: str
    status: str
    failure: str | None
    parts_billed: int
    sent_at: datetime | None
    settled_at: datetime | None
    created_at: datetime
    created_by: UUID | None
    schedule_id: UUID | None
    is_test: bool


_LATEST_FIRST = db.Order({"created_at": datetime, "id": UUID}, descending=True, prefix="m.")


async def page(
    session: db.Session, church_id: UUID, phone_index: str, params: PageParams
) -> Page[Received]:
    """Latest first. There is no index of texts by phone (``last_broadcast.sent_to`` says why): the
    church's broadcasts are read in their order (ix_messages_church_id_created_at_id), and each is
    asked for the phone by its key (message_recipients_message_id_phone_index_key)."""
    found = """
          FROM messages m
         CROSS JOIN LATERAL (
               SELECT * FROM message_recipients
                WHERE message_id = m.id AND phone_index = :index LIMIT 1) AS r
         WHERE m.church_id = :church AND m.kind IN ('broadcast', 'test')
    """
    return await db.page(
        session,
        Received,
        f"""
        SELECT m.id, m.content, m.merge_fields, r.merge_values, m.media_urls, m.sender, r.status,
               r.failure, r.parts_billed, r.sent_at, r.settled_at, m.created_at, m.created_by,
               m.schedule_id, m.kind = 'test' AS is_test
        {found}
        """,
        {"church": church_id, "index": phone_index},
        params,
        _LATEST_FIRST,
        counted=f"SELECT count(*) {found}",
    )
