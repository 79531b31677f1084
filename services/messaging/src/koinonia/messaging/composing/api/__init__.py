"""The routes of words."""

from koinonia.messaging.composing.api import segments

ROUTERS = (segments.router,)
