"""The HTTP application of auth."""

from fastapi import FastAPI

from koinonia.auth import audited
from koinonia.auth.api import ROUTERS
from koinonia.common import web


def create_app() -> FastAPI:
    return web.create_app("auth", title="Koinonia auth", routers=ROUTERS, audit=audited.AUDITED)
