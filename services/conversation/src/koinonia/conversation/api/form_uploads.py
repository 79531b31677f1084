"""Files in the multipart form of a reply, as a browser sends them."""

import hashlib
from typing import Annotated
from uuid import NAMESPACE_OID, UUID, uuid5

from fastapi import Depends, File, UploadFile
from starlette.datastructures import Headers
from starlette.routing import Match
from starlette.types import Scope

from koinonia.common.web import CreatingRoute, KeyHeader, StaffOrAbove
from koinonia.conversation.dependencies import RunningDep
from koinonia.conversation.media import uploads
from koinonia.conversation.replies.schemas import MOST_MEDIA


class FormRoute(CreatingRoute):
    """Takes what a form sends, and leaves everything else to the next route of its path."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        kind = Headers(scope=scope).get("content-type", "") if scope["type"] == "http" else ""
        if not kind.lower().startswith("multipart/form-data"):
            return Match.NONE, {}
        return super().matches(scope)


async def uploaded(
    running: RunningDep,
    admin: StaffOrAbove,
    files: Annotated[list[UploadFile], File(max_length=MOST_MEDIA)],
    idempotency_key: KeyHeader = None,
) -> list[UUID]:
    """The files as uploads, in their order. With a key the same files are the same uploads, or a
    form that is sent again would be another reply."""
    ids = []
    for place, file in enumerate(files):
        content = await file.read(uploads.MOST_BYTES + 1)
        file_id = (
            _upload_id(admin.church_id, idempotency_key, place, content)
            if idempotency_key
            else None
        )
        upload = await uploads.take(running, admin, content, file.filename, file_id)
        ids.append(upload.id)
    return ids


Uploaded = Annotated[list[UUID], Depends(uploaded)]

OPENAPI = {
    "requestBody": {
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["files"],
                    "properties": {
                        "content": {"type": "string", "description": "up to 1,600 characters"},
                        "recipient": {"type": "string", "maxLength": 40},
                        "lastSeenLineId": {"type": "string", "format": "uuid"},
                        "force": {"type": "boolean", "default": False},
                        "files": {
                            "type": "array",
                            "minItems": 1,
                            "maxItems": MOST_MEDIA,
                            "items": {"type": "string", "format": "binary"},
                        },
                    },
                }
            }
        }
    }
}
"""What the route that takes JSON says of the form."""


def _upload_id(church_id: UUID, key: str, place: int, content: bytes) -> UUID:
    digest = hashlib.sha256(content).hexdigest()
    return uuid5(NAMESPACE_OID, f"koinonia upload {church_id} {place} {digest} {key}")
