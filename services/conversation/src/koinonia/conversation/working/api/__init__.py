"""The routes of the work on threads, by what they do."""

from fastapi import APIRouter

from koinonia.conversation.working.api import (
    assigning,
    bulk,
    labels,
    merging,
    notes,
    pinning,
    snoozing,
    statuses,
)

router = APIRouter()
for each in (
    bulk.router,
    statuses.router,
    assigning.router,
    labels.of_threads,
    notes.router,
    snoozing.router,
    pinning.router,
    merging.router,
    labels.router,
):
    router.include_router(each)
