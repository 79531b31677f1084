"""The routes of answers."""

from koinonia.conversation.answering.api import canned, replies

ROUTERS = (replies.router, canned.router)
