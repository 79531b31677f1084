"""A preview as clients see it."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from pydantic import Field

from koinonia.carriers.segments import Encoding
from koinonia.common.schema import Schema
from koinonia.messaging.messages.schemas import Excluded
from koinonia.messaging.numbers.senders import NumberChoice


class ZoneHours(Schema):
    """The texts that arrive in one zone; of a number that lies in several, all are named."""

    zone: str = Field(examples=["America/New_York"])
    phones: int
    is_open: bool
    opens_at: datetime = Field(description="From when these texts may leave; now, if open.")


class FromNumber(Schema):
    """The number that it would come from. ``why``: it was ``asked`` for, it is that of the
    ``group`` (or of all the groups), or it is the church's ``first``."""

    id: UUID
    phone_number: str = Field(examples=["+12025550100"])
    label: str | None = Field(examples=["Youth"])
    why: NumberChoice


class Sample(Schema):
    """A text as some recipient would get it."""

    content: str
    encoding: Encoding
    parts: int


class ConcernCode(StrEnum):
    """What a warning is about."""

    ADDRESS_NOT_VERIFIED = "ADDRESS_NOT_VERIFIED"
    NO_ACTIVE_NUMBER = "NO_ACTIVE_NUMBER"
    NOBODY_REACHED = "NOBODY_REACHED"
    TOO_LONG = "TOO_LONG"
    PRICE_UNKNOWN = "PRICE_UNKNOWN"
    PLAN_ENDED = "PLAN_ENDED"
    OVER_ALLOWANCE = "OVER_ALLOWANCE"
    SHORT_LINK = "SHORT_LINK"
    FOREIGN_PLACEHOLDER = "FOREIGN_PLACEHOLDER"
    NO_OPT_OUT_WORDING = "NO_OPT_OUT_WORDING"
    FALLBACK_USED = "FALLBACK_USED"
    COSTLY_CHARACTERS = "COSTLY_CHARACTERS"


class Concern(Schema):
    """What deserves a second look; nothing is refused for it here."""

    code: ConcernCode = Field(examples=["SHORT_LINK"])
    message: str
    details: dict[str, object] = Field(default_factory=dict)


class Preview(Schema):
    """What sending would do. ``people`` = ``phones`` + everything in ``excluded``."""

    people: int = Field(description="Everybody in the target.")
    phones: int = Field(description="Texts that would be sent.")
    excluded: Excluded
    from_number: FromNumber | None = Field(description="Null where the church has no number.")
    parts: int
    parts_by_count: dict[str, int] = Field(
        description="Texts by how many parts each has.", examples=[{"1": 180, "2": 20}]
    )
    cost_cents: int | None = Field(description="US cents; null until billing has told the price.")
    part_price: Decimal | None = Field(description="USD for one part.", examples=["0.00790"])
    remaining_parts: int | None = Field(description="What the plan has left after this message.")
    quiet_hours: list[ZoneHours]
    starts_at: datetime | None
    finishes_at: datetime | None = Field(
        description="When the last text would be with the carrier, beside all that waits already."
    )
    samples: list[Sample]
    warnings: list[Concern]
    preview_hash: str = Field(
        description="Give it as previewHash when you send; it holds for a day."
    )
