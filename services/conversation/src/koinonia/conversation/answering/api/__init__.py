"""The routes of answers."""

from koinonia.conversation.answering.api import canned, hours, replies, scheduled

ROUTERS = (replies.form_router, replies.router, scheduled.router, canned.router, hours.router)
