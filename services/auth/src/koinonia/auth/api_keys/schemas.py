"""API keys as clients see and send them."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from pydantic import BeforeValidator, Field

from koinonia.auth.permission_list import Permission
from koinonia.common.schema import Input, Schema

MOST_DAYS = 366
DAYS = 90


def _stripped(value: object) -> object:
    return value.strip() if isinstance(value, str) else value


class ApiKeyIn(Input):
    name: Annotated[str, BeforeValidator(_stripped)] = Field(
        min_length=1, max_length=80, examples=["Planning Center sync"]
    )
    permissions: list[Permission] = Field(
        min_length=1,
        max_length=len(Permission),
        description="What it may do: `x-permission` of each operation says which it takes. None "
        "that you lack, and none of people's accounts. Who has `people.work` has `people.read`.",
        examples=[["people.read", "messages.work"]],
    )
    expires_in_days: int = Field(default=DAYS, ge=1, le=MOST_DAYS, examples=[90])

    @property
    def lifetime(self) -> timedelta:
        return timedelta(days=self.expires_in_days)


class ApiKeyOut(Schema):
    id: UUID
    name: str = Field(examples=["Planning Center sync"])
    permissions: list[Permission]
    hint: str = Field(description="The last four characters of the key.", examples=["x7Qa"])
    created_by: UUID = Field(description="Who of the team made it.")
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None = Field(description="To the minute; null for never.")


class NewApiKeyOut(ApiKeyOut):
    key: str = Field(
        description="Send it as `Authorization: Bearer …`. It is shown this once.",
        examples=["koi_3kTMd0mU2jX8bq1Vv9cZrYwLpE5sHnGa6fQ7R01aBcD"],
    )


class ExchangeIn(Input):
    key: str = Field(max_length=100, repr=False)


class ExchangedOut(Schema):
    token: str = Field(repr=False)
    expires_at: datetime
