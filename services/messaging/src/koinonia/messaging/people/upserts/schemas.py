"""People of another system as clients send them, and what became of each."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from koinonia.common.schema import CLEARS, Clearable, ErrorCode, Input, Omittable, Schema
from koinonia.common.visible_text import Written
from koinonia.messaging.names import Name
from koinonia.messaging.people.external_ids import ExternalId, System
from koinonia.messaging.people.schemas import Email, FieldValues, Ids, MaybeName, Phone
from koinonia.messaging.people.upserts.upsert_entries import UpsertOutcome
from koinonia.messaging.timing.zone_names import ZoneName

MOST_ROWS = 5_000

Statement = Annotated[Written, Field(min_length=1, max_length=500)]


class PersonIn(Input):
    """What is left out stays as it is; null takes an email, a time zone or one of ``fields`` away.
    ``groupIds`` are all groups of the person from then on.

    ``consent``: the owner of the phone agreed to be texted. Nothing is assumed without it, it
    counts where nothing is known of the phone, and takes no opt-out back. ``optedOut``: they do not
    want texts; false takes nothing back.
    """

    first_name: Name
    last_name: MaybeName = ""
    phone: Phone
    email: Annotated[Email, CLEARS] = None
    timezone: Clearable[ZoneName] = None
    group_ids: Omittable[Ids] = None
    fields: FieldValues = Field(default_factory=dict, examples=[{}])
    consent: bool = False
    opted_out: bool = False


class ExternalPersonIn(PersonIn):
    """``consentStatement``: how they agreed, for the ledger."""

    consent_statement: Omittable[Statement] = None


class RowIn(PersonIn):
    """Without ``externalId`` a person is known by name and phone."""

    external_id: Omittable[ExternalId] = None


class _Bulk(Input):
    external_system: Omittable[System] = Field(None, examples=["planning-center"])
    consent_statement: Omittable[Statement] = None


class BulkIn(_Bulk):
    """``consentStatement``: how those with ``consent`` agreed, for the ledger."""

    members: list[RowIn] = Field(min_length=1, max_length=MOST_ROWS)


class BulkHead(_Bulk):
    """The same with rows that are still to be read, so that a bad one refuses itself alone."""

    members: list[object] = Field(min_length=1, max_length=MOST_ROWS)


class RowOut(Schema):
    """``row`` counts from 1. A refused row has ``code`` and ``message``; the others are written."""

    row: int
    outcome: UpsertOutcome
    external_id: str | None
    member_id: UUID | None
    code: ErrorCode | None = None
    message: str | None = None


class BulkOut(Schema):
    """The four counts add up to the rows."""

    created: int
    updated: int
    unchanged: int
    refused: int
    members: list[RowOut]
