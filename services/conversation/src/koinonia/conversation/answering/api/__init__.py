"""The routes of answers."""

from koinonia.conversation.answering.api import canned, hours, replies

ROUTERS = (replies.router, canned.router, hours.router)
