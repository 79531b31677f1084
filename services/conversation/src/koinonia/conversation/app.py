"""Everything the shared inbox serves."""

from fastapi import FastAPI

from koinonia.common import web
from koinonia.conversation.answering import api as answering
from koinonia.conversation.listing import api as listing
from koinonia.conversation.searching import api as searching
from koinonia.conversation.viewing import api as viewing
from koinonia.conversation.working import api as working

ROUTERS = (
    listing.router,  # before one thread: its paths are words where that takes an id
    searching.router,
    viewing.router,
    *answering.ROUTERS,
    working.router,
)


def create_app() -> FastAPI:
    return web.create_app("conversation", title="Shared inbox", routers=ROUTERS)
