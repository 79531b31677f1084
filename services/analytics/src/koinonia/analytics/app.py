"""The HTTP application of analytics."""

from fastapi import FastAPI

from koinonia.analytics import api
from koinonia.common import web


def create_app() -> FastAPI:
    return web.create_app("analytics", routers=[api.router])
