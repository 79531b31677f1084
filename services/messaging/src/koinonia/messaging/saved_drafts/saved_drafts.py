"""The drafts of a church: who writes over whom, how many there are, and what they refer to.

A draft is kept as its author wrote it, in the JSON of the API. Uploads that it names are kept as
long as it is.
"""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import orjson
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db
from koinonia.common.identity import Identity
from koinonia.common.pagination import Page, PageParams
from koinonia.common.web import validation
from koinonia.messaging.composing import uploads
from koinonia.messaging.messages.schemas import SendRequest
from koinonia.messaging.people.targets import target_schemas
from koinonia.messaging.saved_drafts.draft_schemas import DraftIn, DraftMessage, DraftReplacement
from koinonia.messaging.saved_drafts.errors import (
    DraftChanged,
    DraftTooLarge,
    NoSuchDraft,
    TooManyDrafts,
)

MOST = 200  # of one church
MOST_BYTES = 100_000  # of one, as JSON


class SavedDraft(NamedTuple):
    id: UUID
    name: str | None
    message: dict[str, object]  # as it was written
    version: int
    created_by: UUID
    created_at: datetime
    updated_by: UUID
    updated_at: datetime

    @property
    def has_files(self) -> bool:
        return bool(self.message.get("mediaIds") or self.message.get("mediaUrls"))


_LATEST_FIRST = db.Order({"updated_at": datetime, "id": UUID}, descending=True)
_COLUMNS = "id, name, body AS message, version, created_by, created_at, updated_by, updated_at"


async def page(session: db.Session, church_id: UUID, params: PageParams) -> Page[SavedDraft]:
    """The one that was changed last comes first."""
    return await db.page(
        session,
        SavedDraft,
        f"SELECT {_COLUMNS} FROM saved_drafts WHERE church_id = :church",
        {"church": church_id},
        params,
        _LATEST_FIRST,
        counted="SELECT count(*) FROM saved_drafts WHERE church_id = :church",
    )


async def get(session: db.Session, draft_id: UUID, *, locked: bool = False) -> SavedDraft:
    """Raises ``NoSuchDraft``. When it is ``locked``, nobody else changes or sends it until the
    transaction ends."""
    return await db.one(
        session,
        SavedDraft,
        f"SELECT {_COLUMNS} FROM saved_drafts WHERE id = :id {'FOR UPDATE' if locked else ''}",
        {"id": draft_id},
        missing=NoSuchDraft,
    )


async def create(session: AsyncSession, identity: Identity, wanted: DraftIn) -> SavedDraft:
    """Raises ``TooManyDrafts``, ``DraftTooLarge``, ``NoSuchUpload`` and ``FilesTooLarge``."""
    church_id, draft_id = identity.church_id, db.uuid7()
    await _hold_uploads(session, church_id, draft_id, wanted.message, are_held=False)
    body = _as_json(wanted.message)
    await db.run(
        session,
        "SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))",
        {"key": f"drafts:{church_id}"},
    )
    count = await db.count(
        session,
        "SELECT count(*) FROM saved_drafts WHERE church_id = :church",
        {"church": church_id},
    )
    if count >= MOST:
        raise TooManyDrafts
    await db.run(
        session,
        """
        INSERT INTO saved_drafts (id, church_id, name, body, version, created_by, created_at,
                                  updated_by, updated_at)
        VALUES (:id, :church, :name, CAST(:body AS jsonb), 1, :admin, :now, :admin, :now)
        """,
        {
            "id": draft_id,
            "church": church_id,
            "name": wanted.name,
            "body": body,
            "admin": identity.admin_id,
            "now": clock.now(),
        },
    )
    return await get(session, draft_id)


async def replace(
    session: AsyncSession, identity: Identity, draft_id: UUID, wanted: DraftReplacement
) -> SavedDraft:
    """Raises ``DraftChanged`` when somebody else was faster, and what ``create`` does."""
    draft = await _as_read(session, draft_id, wanted.version)
    await _hold_uploads(
        session, identity.church_id, draft_id, wanted.message, are_held=draft.has_files
    )
    await db.run(
        session,
        """
        UPDATE saved_drafts
           SET name = :name, body = CAST(:body AS jsonb), version = version + 1,
               updated_by = :admin, updated_at = :now
         WHERE id = :id
        """,
        {
            "id": draft_id,
            "name": wanted.name,
            "body": _as_json(wanted.message),
            "admin": identity.admin_id,
            "now": clock.now(),
        },
    )
    return await get(session, draft_id)


async def remove(
    session: AsyncSession, church_id: UUID, draft_id: UUID, version: int | None = None
) -> None:
    """Raises ``NoSuchDraft``, and ``DraftChanged`` when it is not as it was in ``version``."""
    draft = await _as_read(session, draft_id, version)
    await db.run(session, "DELETE FROM saved_drafts WHERE id = :id", {"id": draft_id})
    if draft.has_files:
        await uploads.use(session, church_id, draft_id, ())


async def finished(
    session: AsyncSession, draft_id: UUID, version: int | None = None
) -> SendRequest:
    """The draft as a request to send, held until the transaction ends. Raises ``Invalid`` with what
    it lacks."""
    draft = await _as_read(session, draft_id, version)
    try:
        # Another version of this program may have kept it.
        return SendRequest.model_validate(target_schemas.kept(draft.message), extra="ignore")
    except ValidationError as problem:
        raise validation.invalid(problem.errors(), SendRequest) from None


async def _as_read(session: AsyncSession, draft_id: UUID, version: int | None) -> SavedDraft:
    draft = await get(session, draft_id, locked=True)
    if version not in (None, draft.version):
        raise DraftChanged.since(draft.version, draft.updated_by)
    return draft


async def _hold_uploads(
    session: AsyncSession,
    church_id: UUID,
    draft_id: UUID,
    message: DraftMessage,
    *,
    are_held: bool,
) -> None:
    """Keep the files that the draft names from now on; ``are_held``: it may have named others."""
    media = await uploads.media(session, church_id, message.media_urls, message.media_ids)
    if media.ids or are_held:
        await uploads.use(session, church_id, draft_id, media.ids)


def _as_json(message: DraftMessage) -> str:
    body = orjson.dumps(message.written())
    if len(body) > MOST_BYTES:
        raise DraftTooLarge
    return body.decode()
