"""Schemas of presence."""

from datetime import datetime

from pydantic import Field

from koinonia.common.schema import Schema
from koinonia.conversation.schemas import AdminName


class PresentAdmin(AdminName):
    """Somebody who is answering the conversation."""

    expires_at: datetime = Field(description="unless they go on")


class Presence(Schema):
    expires_at: datetime | None = Field(
        description="renew it before; null where nobody can be shown it at this moment"
    )
