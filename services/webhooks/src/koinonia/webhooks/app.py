"""Everything the ingress serves."""

from fastapi import FastAPI

from koinonia.common import web
from koinonia.webhooks import api


def create_app() -> FastAPI:
    return web.create_app("webhooks", title="Carrier ingress", routers=[api.router])
