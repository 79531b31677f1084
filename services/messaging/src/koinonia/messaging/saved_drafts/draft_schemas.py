"""What comes in and goes out under ``/api/drafts``."""

from datetime import datetime
from typing import Annotated, cast
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, GetCoreSchemaHandler, JsonValue
from pydantic_core import CoreSchema

from koinonia.common.schema import Input, Omittable, Schema
from koinonia.messaging.messages.schemas import SendRequest
from koinonia.messaging.names import tidied_or_none

Name = Annotated[Annotated[str, Field(max_length=100)] | None, BeforeValidator(tidied_or_none)]


class DraftMessage(SendRequest):
    """What ``POST /api/messages/send`` takes, as far as it is written. Each field has the form that
    it has there; whether they fit together is looked at by a preview, and when it is sent."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"content": "Picnic on Sunday?"}]})

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: type[BaseModel], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Without what a request checks of its fields together."""
        schema = super().__get_pydantic_core_schema__(source, handler)
        while schema["type"] == "function-after":
            schema = cast(CoreSchema, schema["schema"])
        return schema

    def written(self) -> dict[str, object]:
        """What has been written, as JSON."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)


class DraftIn(Input):
    """``name`` is for the team only."""

    name: Name = Field(default=None, examples=["Picnic"])
    message: DraftMessage


class DraftReplacement(DraftIn):
    """The whole draft as it is now. ``version`` is that of the draft as it was read: 409
    ``DRAFT_CHANGED`` when it has another one by now."""

    version: int = Field(ge=1)


class DraftVersionIn(Input):
    """``version``: send it only as it was then."""

    version: Omittable[Annotated[int, Field(ge=1)]] = None


class DraftOut(Schema):
    """``message`` has the fields of a ``DraftMessage`` that were written, as they were written.
    ``createdBy`` and ``updatedBy`` are members of the team. ``version`` grows with each change."""

    id: UUID
    name: str | None
    message: dict[str, JsonValue]
    version: int
    created_by: UUID
    created_at: datetime
    updated_by: UUID
    updated_at: datetime
