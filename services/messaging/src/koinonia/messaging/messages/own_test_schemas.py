"""What comes in and goes out at ``POST /api/messages/test``."""

from typing import Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from koinonia.common.schema.rules import both, refused
from koinonia.messaging.messages.schemas import AcceptedMessage, WrittenMessage


class SendTestRequest(WrittenMessage):
    """What a broadcast would say, to whoever asks for it."""

    model_config = ConfigDict(json_schema_extra=refused(both("content", "templateId")))

    member_id: UUID = Field(
        description="The person on your own card: its email is the address that you sign in with."
    )
    as_member_id: UUID | None = Field(
        default=None,
        description="The member whose values the merge fields take, to see what they would get. "
        "Otherwise it is you.",
    )
    from_number_id: UUID | None = Field(
        default=None, description="The number that it comes from. Otherwise the church's first."
    )


class AcceptedTest(AcceptedMessage):
    """A test text that leaves as soon as billing approves it."""

    is_test: Literal[True] = True
