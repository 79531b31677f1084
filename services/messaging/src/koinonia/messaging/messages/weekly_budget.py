"""How many texts a person can bear in a week, and how much a message matters beside the others."""

from enum import StrEnum


class Priority(StrEnum):
    """``high`` passes the weekly budget, ``normal`` keeps it, ``low`` leaves its last text free."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


def of_priority(weekly: int | None, priority: Priority) -> int | None:
    """From how many broadcasts in seven days on a phone is left out of such a message, where
    ``weekly`` is what the church allows; None: never."""
    if weekly is None or priority is Priority.HIGH:
        return None
    return weekly - 1 if priority is Priority.LOW else weekly
