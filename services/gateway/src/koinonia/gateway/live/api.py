"""The route of the event stream."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request

from koinonia.gateway import door, limits, sessions
from koinonia.gateway.calls import Call
from koinonia.gateway.live.answer import EventStream
from koinonia.gateway.live.reference import DESCRIPTION, EXAMPLE
from koinonia.gateway.routes import Kind

router = APIRouter(prefix="/api", tags=["live"])

LastId = Annotated[
    str,
    Header(alias="Last-Event-ID", description="The id of the last event seen; a browser sends it."),
]
LastIdInQuery = Annotated[
    str,
    Query(alias="lastEventId", description="The same, for clients that can set no header."),
]


_STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The stream. It stays open until a `bye`.",
        "content": {"text/event-stream": {"schema": {"type": "string"}, "example": EXAMPLE}},
    }
}


@router.get(
    "/events",
    summary="What happens in your church, as it happens",
    description=DESCRIPTION,
    status_code=200,
    response_class=EventStream,
    responses=_STREAM,
    openapi_extra={"security": [{"cookie": []}, {"bearer": []}]},
)
async def events(
    request: Request, last_event_id: LastId = "", in_query: LastIdInQuery = ""
) -> EventStream:
    parts, verifier = door.of(request.scope)
    call = Call.of(request.scope, request.receive, parts.settings.trusted_proxies)
    session = await sessions.required(call, verifier)
    await limits.admit(call, Kind.SESSION, session, parts.throttle, parts.settings)
    parts.hub.check_room(session.identity)
    return EventStream(parts.hub, session.identity, last_event_id or in_query)
