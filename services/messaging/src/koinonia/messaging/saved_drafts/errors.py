"""What can be wrong with a saved draft, and what to do about it."""

from typing import Self
from uuid import UUID

from koinonia.common import errors
from koinonia.common.schema import Schema


class NoSuchDraft(errors.NotFound):
    code = "DRAFT_NOT_FOUND"
    message = (
        "There is no draft with this id: it may have been sent or removed. GET /api/drafts lists "
        "yours."
    )


class DraftVersion(Schema):
    version: int
    updated_by: UUID


class DraftChanged(errors.Conflict):
    code = "DRAFT_CHANGED"
    details_type = DraftVersion
    message = (
        "Somebody changed this draft since you read it, and nothing of theirs was overwritten. "
        "Read it with GET /api/drafts/{id}, and change what is there now."
    )

    @classmethod
    def since(cls, version: int, updated_by: UUID) -> Self:
        return cls(details={"version": version, "updatedBy": str(updated_by)})


class TooManyDrafts(errors.Conflict):
    code = "TOO_MANY_DRAFTS"
    message = "A church keeps at most 200 drafts. Send or remove some of them first."


class DraftTooLarge(errors.TooLarge):
    code = "DRAFT_TOO_LARGE"
    message = "A draft is at most 100 kB of JSON. Name groups in the place of many people."
