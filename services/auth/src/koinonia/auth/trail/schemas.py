"""Entries of the audit trail as they are answered."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from koinonia.common.events.actions import Actor, Detail
from koinonia.common.schema import Schema


class AuditActorOut(Schema):
    """``name`` is that of today; null for who is not known."""

    kind: Actor
    id: UUID | None
    name: str | None = Field(examples=["Ruth Meyer"])


class AuditEntryOut(Schema):
    id: UUID
    at: datetime
    action: str = Field(examples=["message.sent"])
    actor: AuditActorOut
    thing_id: UUID | None
    network: str | None = Field(
        description="the network that it came from", examples=["203.0.113.0/24"]
    )
    details: dict[str, Detail] = Field(examples=[{"recipients": 240}])
