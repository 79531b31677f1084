"""The routes of the shared inbox."""

from fastapi import FastAPI

from koinonia.common import web
from koinonia.conversation import api, audited

MEDIA_LIMIT = 20 * 1024 * 1024  # bytes; a form holds more than its files


def create_app() -> FastAPI:
    return web.create_app(
        "conversation",
        title="Shared inbox",
        routers=api.ROUTERS,
        audit=audited.AUDITED,
        body_limits={
            "/api/media": MEDIA_LIMIT,
            "/api/conversations/*/reply-with-media": MEDIA_LIMIT,
        },
    )
