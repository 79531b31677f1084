"""Routes of the ingress."""

from fastapi import FastAPI

from koinonia.common import web
from koinonia.common.web.bodies import MB
from koinonia.ingress import api

# SendGrid gathers events for 30 seconds, or until they are 768 KB.
BODY_LIMITS = {"/api/webhooks/sendgrid/": 1 * MB}


def create_app() -> FastAPI:
    return web.create_app(
        "ingress",
        title="Carrier ingress",
        routers=api.routers(),
        body_limits=BODY_LIMITS,
        compress=False,  # the longest answer has fifty bytes
        checks_text=False,  # a call is taken however it is written
        knows_callers=False,
    )
