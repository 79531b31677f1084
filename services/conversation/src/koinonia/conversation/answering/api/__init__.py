"""The routes of answers."""

from koinonia.conversation.answering.api import replies

ROUTERS = (replies.router,)
