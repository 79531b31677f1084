"""The words of a thread."""

from enum import StrEnum


class Status(StrEnum):
    """An inbound text opens a thread again, whatever it was."""

    OPEN = "open"
    CLOSED = "closed"
    ARCHIVED = "archived"


class Direction(StrEnum):
    INBOUND = "inbound"
    OUTBOUND = "outbound"


RECEIVED = "received"
"""The status of every inbound message; an outbound one has a ``DeliveryStatus``."""
