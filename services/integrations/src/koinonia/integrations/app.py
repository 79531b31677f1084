"""The HTTP application of integrations."""

from fastapi import FastAPI

from koinonia.common import web
from koinonia.integrations import api, audited


def create_app() -> FastAPI:
    return web.create_app("integrations", routers=api.ROUTERS, audit=audited.AUDITED)
