"""The routes of messaging."""

from fastapi import FastAPI

from koinonia.common import web
from koinonia.messaging import api, audited
from koinonia.messaging.importing import limits

IMPORT_LIMIT = 10 * 1024 * 1024 + 64 * 1024  # the largest file, and the form around it
JOB_LIMIT = limits.MOST_BYTES + 64 * 1024
BULK_LIMIT = 5 * 1024 * 1024


def create_app() -> FastAPI:
    return web.create_app(
        "messaging",
        title="Koinonia messaging",
        routers=api.ROUTERS,
        audit=audited.AUDITED,
        body_limits={
            "/api/imports": JOB_LIMIT,
            "/api/members/import": IMPORT_LIMIT,
            "/api/members/bulk": BULK_LIMIT,
        },
    )
