"""Schemas of beginning a conversation."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from koinonia.common.schema import Input
from koinonia.conversation.actions.new_thread import Standing
from koinonia.conversation.replies.schemas import Content, Reply
from koinonia.conversation.viewing.schemas import Overview


class ConversationIn(Input):
    """With whom: a member or a phone."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"phone": "+12025550142", "text": "Hello Ada, this is Ruth of Acme."}],
            "oneOf": [{"required": ["memberId"]}, {"required": ["phone"]}],
        }
    )

    member_id: UUID | None = None
    phone: Annotated[str, Field(max_length=50, examples=["+12025550142"])] | None = None
    text: Content | None = Field(
        default=None,
        description="up to 1,600 characters; without it the conversation is only opened",
    )
    from_number_id: UUID | None = Field(
        default=None,
        description="the number of yours; else that of the newest conversation with the phone, or "
        "your first one",
    )

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if (self.member_id is None) == (self.phone is None):
            raise ValueError("Give either memberId or phone.")
        return self


class BegunConversation(Overview):
    is_new: bool
    reply: Reply | None = Field(description="the text as it was accepted; null without one")


class Consent(BaseModel):
    """What is needed of messaging's answer."""

    phone: str
    state: str
    unreachable: str | None

    def standing(self) -> Standing:
        return Standing(self.phone, self.state, self.unreachable)
