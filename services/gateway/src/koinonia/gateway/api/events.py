"""The route of the event stream."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request

from koinonia.gateway import limits, running, sessions
from koinonia.gateway.calls import Call
from koinonia.gateway.live.description import DESCRIPTION, EXAMPLE
from koinonia.gateway.live.response import EventStream
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


# Any: as FastAPI declares it.
_STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The stream. It stays open until a `bye`.",
        "content": {
            "text/event-stream": {
                "schema": {"type": "string"},
                # OpenAPI 3.2 has itemSchema for it.
                "x-itemSchema": {"$ref": "#/components/schemas/StreamEvent"},
                "example": EXAMPLE,
            }
        },
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
async def stream_events(
    request: Request, last_event_id: LastId = "", in_query: LastIdInQuery = ""
) -> EventStream:
    process = running.from_scope(request.scope)
    settings, hub = process.settings, process.hub
    call = Call.from_scope(request.scope, request.receive, settings.trusted_proxies, settings)
    session = await sessions.required(call, process.verifier)
    await limits.admit(call, Kind.SESSION, session, process.throttle, process.endings, settings)
    hub.check_room(session.identity)
    return EventStream(hub, session.identity, last_event_id or in_query)
