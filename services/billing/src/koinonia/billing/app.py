"""The HTTP application of billing."""

from fastapi import FastAPI

from koinonia.billing import api
from koinonia.common import web


def create_app() -> FastAPI:
    return web.create_app("billing", routers=[api.router])
