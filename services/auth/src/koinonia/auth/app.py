"""The routes of auth."""

from fastapi import FastAPI

from koinonia.auth import api, keys_api
from koinonia.common import web


def create_app() -> FastAPI:
    return web.create_app("auth", title="Koinonia auth", routers=[api.router, keys_api.router])
