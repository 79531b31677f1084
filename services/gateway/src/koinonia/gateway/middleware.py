"""Headers of every answer, errors too: security headers, and CORS for the allowed frontends."""

from collections.abc import Sequence

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from koinonia.gateway import running
from koinonia.gateway.cross_origin import has_origin
from koinonia.gateway.settings import Settings

HSTS = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")
SECURITY = (
    # JSON is never a page. A page of ours brings a policy of its own.
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)
NO_STORE = (b"cache-control", b"no-store")

# Who keeps answers must know: they depend on it.
BY_ORIGIN = (b"vary", b"Origin")


class AnswerHeaders:
    """The outermost layer. It reads the settings at the first request: the runtime puts what is
    running beside the application after that was made."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._always: Sequence[tuple[bytes, bytes]] = ()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        process = running.from_scope(scope)
        always = self._always or self._configured(process.settings)
        add = (*always, NO_STORE) if scope["path"].startswith("/api/") else always
        last: Sequence[tuple[bytes, bytes]] = (BY_ORIGIN,)
        if has_origin(scope):
            last, send = (), process.cors.answering(scope, send)

        async def secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message["headers"]
                present = {name for name, _ in headers}
                added = [header for header in add if header[0] not in present]
                message["headers"] = [*headers, *added, *last]
            await send(message)

        await self.app(scope, receive, secured)

    def _configured(self, settings: Settings) -> Sequence[tuple[bytes, bytes]]:
        self._always = (*SECURITY, HSTS) if settings.is_https else SECURITY
        return self._always
