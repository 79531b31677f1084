"""What the routes of the work on a thread take and give."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BeforeValidator

from koinonia.common.web import Schema
from koinonia.conversation.models import Status


def _not_snoozed(status: Any) -> Any:
    if status == Status.SNOOZED:
        raise ValueError(
            "A snooze takes a time: POST /api/conversations/{id}/snooze. Here the status is open, "
            "closed or archived."
        )
    return status


Settable = Annotated[
    Literal[Status.OPEN, Status.CLOSED, Status.ARCHIVED], BeforeValidator(_not_snoozed)
]


class StatusChange(Schema):
    status: Settable


class Read(Schema):
    id: UUID
    unread_count: int = 0
