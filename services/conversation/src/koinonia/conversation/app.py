"""Everything the shared inbox serves."""

from fastapi import FastAPI

from koinonia.common import web
from koinonia.conversation import api


def create_app() -> FastAPI:
    return web.create_app("conversation", title="Shared inbox", routers=[api.router])
