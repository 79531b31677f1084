"""The response of the event stream."""

from fastapi import Response
from starlette.types import Receive, Scope, Send

from koinonia.common.identity import Identity
from koinonia.gateway.live.hub import Hub
from koinonia.gateway.live.stream import Stream


class EventStream(Response):
    """A stream of what follows ``last_id``; it is in the hub for as long as it is served."""

    media_type = "text/event-stream"

    def __init__(self, hub: Hub, identity: Identity, last_id: str) -> None:
        self.status_code = 200
        self.background = None
        self.init_headers()
        self._hub = hub
        self._last_id = last_id
        self._stream = Stream(identity, hub.settings.live_queue_bytes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._hub.join(self._stream, self._last_id)
        try:
            await self._stream.serve(scope, receive, send)
        finally:
            self._hub.leave(self._stream)
