"""The routes of the work on threads, by what they do."""

from fastapi import APIRouter

from koinonia.conversation.working.api import statuses

router = APIRouter()
for each in (statuses,):
    router.include_router(each.router)
