"""The words of a thread."""

from enum import StrEnum


class Status(StrEnum):
    """An inbound text opens a thread again, whatever it was."""

    OPEN = "open"
    CLOSED = "closed"
    ARCHIVED = "archived"
    SNOOZED = "snoozed"  # open again at a time, or with the next text


class Direction(StrEnum):
    INBOUND = "inbound"
    OUTBOUND = "outbound"
    NOTE = "note"  # among staff; it never leaves


RECEIVED = "received"
"""The status of every inbound message; an outbound one has a ``DeliveryStatus``."""

NOTED = "noted"
"""The status of every note."""
