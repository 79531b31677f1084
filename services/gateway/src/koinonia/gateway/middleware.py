"""Headers of every answer, errors too: security headers, and CORS for the allowed frontends."""

from collections.abc import Sequence

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

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

ALLOWED_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
ALLOWED_HEADERS = (
    *("Authorization", "Content-Type", "Idempotency-Key", "X-CSRF-Token"),
    *("If-Match", "If-None-Match", "Last-Event-ID"),
)
TRACE_HEADERS = ("X-Request-Id", "traceparent", "tracestate")
EXPOSED_HEADERS = (
    *("Allow", "Content-Disposition", "ETag", "Idempotency-Replayed"),
    *("Location", "Retry-After", "X-Request-Id"),
    *("RateLimit-Limit", "RateLimit-Policy", "RateLimit-Remaining", "RateLimit-Reset"),
)


class AnswerHeaders:
    """The outermost layer. It reads the settings at the first request: the runtime puts what is
    running beside the application after that was made."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._cors: ASGIApp | None = None
        self._always: Sequence[tuple[bytes, bytes]] = SECURITY

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        inner = self._cors or self._configured(scope["app"].state.running.settings)
        add = (*self._always, NO_STORE) if scope["path"].startswith("/api/") else self._always

        async def secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *(header for header in add if header[0] not in present),
                ]
            await send(message)

        await inner(scope, receive, secured)

    def _configured(self, settings: Settings) -> ASGIApp:
        if settings.is_https:
            self._always = (*SECURITY, HSTS)
        self._cors = CORSMiddleware(
            self.app,
            allow_origins=sorted(settings.origins),
            allow_credentials=True,
            allow_methods=ALLOWED_METHODS,
            allow_headers=(*ALLOWED_HEADERS, *TRACE_HEADERS),
            expose_headers=EXPOSED_HEADERS,
        )
        return self._cors
