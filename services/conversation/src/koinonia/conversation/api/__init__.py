"""The routes of the shared inbox, one file per collection; ``actions`` changes a conversation."""

from koinonia.conversation.api import (
    actions,
    canned_replies,
    conversations,
    files,
    labels,
    new_conversation,
    office_hours,
    presence,
    replies,
    scheduled_replies,
    search,
    thread,
    timeline,
)

ROUTERS = (
    conversations.router,  # before one thread: its paths are words where that takes an id
    new_conversation.router,
    search.router,
    thread.router,
    presence.router,
    timeline.router,
    replies.form_router,
    replies.router,
    scheduled_replies.router,
    canned_replies.router,
    office_hours.router,
    *actions.ROUTERS,
    labels.router,
    files.router,
)
