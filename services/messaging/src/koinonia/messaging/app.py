"""The routes of messaging."""

from fastapi import FastAPI

from koinonia.common import web
from koinonia.messaging.broadcasts import api as broadcasts
from koinonia.messaging.composing import api as composing
from koinonia.messaging.keywords import api as keywords
from koinonia.messaging.numbers import api as numbers
from koinonia.messaging.people import api as people
from koinonia.messaging.planning import api as planning
from koinonia.messaging.timing import rules_api, schedules_api

IMPORT_LIMIT = 10 * 1024 * 1024 + 64 * 1024  # the largest file, and the form around it


def create_app() -> FastAPI:
    return web.create_app(
        "messaging",
        title="Koinonia messaging",
        routers=[
            *people.ROUTERS,
            keywords.router,
            numbers.router,
            *composing.ROUTERS,
            broadcasts.router,
            planning.router,
            rules_api.router,
            schedules_api.router,
        ],
        body_limits={"/api/members/import": IMPORT_LIMIT},
    )
