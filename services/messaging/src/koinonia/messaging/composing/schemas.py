"""Words as clients see and send them."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, Field

from koinonia.carriers import segments
from koinonia.common.schema import Schema

Composed = AfterValidator(lambda text: unicodedata.normalize("NFC", text))


class SegmentsIn(Schema):
    content: Annotated[str, Composed, Field(max_length=20_000)] = Field(
        examples=["Hi {{firstName|friend}}, we’re glad you came!"]
    )


class Cheaper(Schema):
    """The same words in letters that travel cheaper; nobody applies it but the writer."""

    content: str
    parts: int


class SegmentsOut(Schema):
    """``units`` are septets (GSM-7) or UTF-16 code units (UCS-2). More than ``maxParts`` parts can
    be counted and not sent."""

    encoding: segments.Encoding
    units: int
    parts: int
    units_per_part: list[int]
    cheaper: Cheaper | None
    max_parts: int = segments.MAX_PARTS
    max_characters: int = segments.MAX_CHARACTERS
    is_sendable: bool
