"""The routes of words."""

from koinonia.messaging.composing.api import fields, segments, templates

ROUTERS = (segments.router, templates.router, fields.router)
