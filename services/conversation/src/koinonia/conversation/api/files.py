"""``/api/media`` and ``/api/files``: staff upload files; whoever has an address reads one."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import StreamingResponse

from koinonia.common.web import CreatingRoute, LeasedIdempotencyKey, OneFile, StaffOrAbove
from koinonia.common.web.answer_headers import declared
from koinonia.conversation.dependencies import RunningDep
from koinonia.conversation.media import file_links, file_responses, stored_files, uploads
from koinonia.conversation.media.schemas import Uploaded

router = APIRouter(tags=["files"], route_class=CreatingRoute)
OF_FILE = ("Content-Disposition", "ETag", "Accept-Ranges")
ANY_FILE = {"content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}


@router.post("/api/media", status_code=201, summary="Upload a picture or file to be sent")
async def upload_file(
    running: RunningDep,
    admin: StaffOrAbove,
    file: OneFile,
    idempotency_key: LeasedIdempotencyKey,
) -> Uploaded:
    """Up to 16 MB. Images are turned upright, downsized to 600 KB and lose what they tell of place
    and time; other files may have 600 KB. Send it with `mediaIds` in a conversation, or with its
    `url` among the `mediaUrls` of any message."""
    content = await file.read(uploads.MOST_BYTES + 1)
    file_id = idempotency_key.resource_id if idempotency_key else None
    upload = await uploads.take(running, admin, content, file.filename, file_id)
    return Uploaded.from_upload(upload, running, admin.church_id)


@router.head("/api/files/{file_id}", include_in_schema=False)
@router.get(
    "/api/files/{file_id}",
    summary="A picture or file, by its signed address",
    response_class=Response,
    responses={
        200: {"description": "The file.", "headers": declared(*OF_FILE), **ANY_FILE},
        206: {
            "description": "The part that `Range` asks for.",
            "headers": declared(*OF_FILE, "Content-Range"),
            **ANY_FILE,
        },
        304: {"description": "The browser has it already.", "headers": declared(*OF_FILE)},
    },
)
async def read_file(
    request: Request,
    running: RunningDep,
    file_id: Annotated[UUID, Path(description="part of the address as it was given")],
    church: Annotated[UUID | None, Query(description="part of the address as it was given")] = None,
    expires: Annotated[int, Query(ge=0, le=2**40, description="seconds since 1970")] = 0,
    signature: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """The address proves itself; no session is needed. It comes with a conversation's messages and
    with an upload, and expires."""
    church_id = file_links.verified_church(running, church, file_id, expires, signature)
    file = await stored_files.stored_file(running, church_id, file_id)
    headers = file_responses.headers(file, expires)
    if file_responses.is_cached(file, request.headers):
        return Response(status_code=304, headers=headers)
    span = file_responses.requested_span(file, request.headers)
    start, stop = span or (0, file.bytes)
    headers["Content-Length"] = str(stop - start)
    if span:
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{file.bytes}"
    status = 206 if span else 200
    if request.method == "HEAD":
        return Response(status_code=status, headers=headers)
    content = await stored_files.open_content(running, file, span)
    return StreamingResponse(content, status_code=status, headers=headers)
