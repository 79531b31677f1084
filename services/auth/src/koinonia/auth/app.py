"""The routes of auth."""

from fastapi import FastAPI

from koinonia.auth import api, church_api, keys_api
from koinonia.auth.team import api as team_api
from koinonia.auth.team import invitations_api
from koinonia.common import web

ROUTERS = (api.router, church_api.router, team_api.router, invitations_api.router, keys_api.router)


def create_app() -> FastAPI:
    return web.create_app("auth", title="Koinonia auth", routers=ROUTERS)
