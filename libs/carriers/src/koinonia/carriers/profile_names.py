"""The names of churches' profiles at a carrier: they end with the id of the church."""

import re
from uuid import UUID

_MARK = re.compile(r"\(([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\)$")


def mark(church_id: UUID) -> str:
    """What the name of this church's profile ends with, whatever the church is called."""
    return f"({church_id})"


def church(name: str | None) -> UUID | None:
    """The church whose profile has this name; None for a profile that is no church's."""
    found = _MARK.search(name or "")
    return UUID(found[1]) if found else None
