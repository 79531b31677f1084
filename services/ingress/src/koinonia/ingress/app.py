"""Routes of the ingress."""

from fastapi import FastAPI

from koinonia.common import web
from koinonia.ingress import api


def create_app() -> FastAPI:
    routers = [api.router()]
    return web.create_app(
        "ingress",
        title="Carrier ingress",
        routers=routers,
        compress=False,  # the longest answer has fifty bytes
        checks_text=False,  # a call is taken however it is written
        knows_callers=False,
    )
