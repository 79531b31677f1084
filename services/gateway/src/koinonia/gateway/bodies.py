"""The body of a request on its way through."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from starlette.requests import ClientDisconnect

from koinonia.gateway.calls import Call


@dataclass
class Body:
    """The body to send on: none, all of it, or a stream that is read as the service takes it.

    ``failure`` is what broke the stream on the client's side: it disconnected, or sent more than
    the limit.
    """

    content: bytes | AsyncIterator[bytes] | None = None
    failure: Exception | None = None

    @classmethod
    async def from_call(cls, call: Call) -> "Body":
        if call.headers.get(b"content-length", b"0") == b"0" and not _is_chunked(call):
            return cls()
        message = await call.receive()
        if message["type"] == "http.disconnect":
            return cls(failure=ClientDisconnect())
        first = message.get("body", b"")
        if not message.get("more_body"):
            return cls(first or None)
        body = cls()
        body.content = body._rest(call, first)
        return body

    @property
    def is_streamed(self) -> bool:
        return not isinstance(self.content, bytes | None)

    async def _rest(self, call: Call, first: bytes) -> AsyncIterator[bytes]:
        yield first
        more = True
        while more:
            try:
                message = await call.receive()
            except Exception as failure:
                self.failure = failure
                raise
            if message["type"] == "http.disconnect":
                self.failure = ClientDisconnect()
                raise self.failure
            more = message.get("more_body", False)
            if chunk := message.get("body", b""):
                yield chunk


def _is_chunked(call: Call) -> bool:
    return b"transfer-encoding" in call.headers
