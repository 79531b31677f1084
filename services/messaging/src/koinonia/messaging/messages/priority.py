"""How much a message matters beside the others that a person gets in a week."""

from enum import StrEnum


class Priority(StrEnum):
    """``high`` passes the weekly budget, ``normal`` keeps it, ``low`` leaves its last text free."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
