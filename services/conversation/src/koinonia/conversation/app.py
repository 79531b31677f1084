"""Everything the shared inbox serves."""

from fastapi import FastAPI

from koinonia.common import web
from koinonia.conversation.answering import api as answering
from koinonia.conversation.listing import api as listing
from koinonia.conversation.media import api as media
from koinonia.conversation.searching import api as searching
from koinonia.conversation.viewing import api as viewing
from koinonia.conversation.working import api as working

ROUTERS = (
    listing.router,  # before one thread: its paths are words where that takes an id
    searching.router,
    viewing.router,
    *answering.ROUTERS,
    working.router,
    media.router,
)
MEDIA_LIMIT = 20 * 1024 * 1024  # bytes; a form holds more than its files


def create_app() -> FastAPI:
    return web.create_app(
        "conversation",
        title="Shared inbox",
        routers=ROUTERS,
        body_limits={
            "/api/media": MEDIA_LIMIT,
            "/api/conversations/*/reply-with-media": MEDIA_LIMIT,
        },
    )
