"""What the routes of the work on a thread take and give."""

from uuid import UUID

from koinonia.common.web import Schema
from koinonia.conversation.models import Status


class StatusChange(Schema):
    status: Status


class Read(Schema):
    id: UUID
    unread_count: int = 0
