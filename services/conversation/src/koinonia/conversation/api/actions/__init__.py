"""The routes that change conversations, one file per action."""

from koinonia.conversation.api.actions import (
    assignment,
    bulk_changes,
    notes,
    snoozes,
    statuses,
    thread_labels,
    thread_member,
    thread_merge,
)

ROUTERS = (
    bulk_changes.router,
    statuses.router,
    assignment.router,
    thread_labels.router,
    notes.router,
    snoozes.router,
    thread_member.router,
    thread_merge.router,
)
