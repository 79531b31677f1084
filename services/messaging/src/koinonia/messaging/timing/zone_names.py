"""Time zones as people may name them."""

import zoneinfo
from functools import lru_cache
from typing import Annotated

from pydantic import AfterValidator, Field

NOT_A_PLACE = {"Factory", "localtime", "posixrules"}


def place(name: str) -> str:
    """The IANA name of a zone, or ``ValueError``."""
    if name not in _places():
        raise ValueError("There is no such time zone. Name one like America/New_York.")
    return name


ZoneName = Annotated[
    str,
    AfterValidator(place),
    Field(json_schema_extra={"pattern": "^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*$"}),
]
"""An IANA name."""


@lru_cache(maxsize=1)
def _places() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones() - NOT_A_PLACE)
