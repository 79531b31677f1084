"""The routes of words."""

from koinonia.messaging.composing.api import segments, templates

ROUTERS = (segments.router, templates.router)
