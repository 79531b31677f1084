"""Statuses of a thread, directions and sources of its lines, reasons of its updates."""

from enum import StrEnum


class Status(StrEnum):
    """An inbound text opens a thread again, whatever it was."""

    OPEN = "open"
    CLOSED = "closed"
    ARCHIVED = "archived"
    SNOOZED = "snoozed"  # open again at a time, or with the next text


class StopQuestionState(StrEnum):
    """By which threads are listed and counted."""

    OPEN = "open"  # a text of the phone may ask to stop, and nobody settled it


class Direction(StrEnum):
    INBOUND = "inbound"
    OUTBOUND = "outbound"
    NOTE = "note"  # among staff; it never leaves


class Source(StrEnum):
    """Who wrote what goes out."""

    STAFF = "staff"
    SCHEDULED = "scheduled"  # staff, some time before
    KEYWORD = "keyword"  # nobody: what the church answers to that word
    AFTER_HOURS = "after_hours"  # nobody: what it answers while its office is closed


class Reason(StrEnum):
    """What happened to a thread: ``reason`` of ``conversation.updated``."""

    BEGUN = "begun"  # staff opened it; nothing is in it
    RECEIVED = "received"  # a text came in
    REPLIED = "replied"  # a line goes out
    DELIVERY = "delivery"  # a line that went out got further
    READ = "read"
    STATUS = "status"
    ASSIGNED = "assigned"
    LABELLED = "labelled"
    NOTED = "noted"
    SNOOZED = "snoozed"
    WOKEN = "woken"  # its snooze is over
    PINNED = "pinned"  # staff said who of those known on the phone it is
    MERGED = "merged"
    STOP_ASKED = "stop_asked"  # a text may ask to stop; staff settle it
    STOP_SETTLED = "stop_settled"
    MEDIA = "media"  # a file of a text was fetched, or it turned out that it cannot be


class Notice(StrEnum):
    """Why somebody of the team is notified: ``reason`` of ``staff.notified``."""

    MENTIONED = "mentioned"  # a note names them
    ASSIGNED = "assigned"  # the thread is theirs now
    KEYWORD = "keyword"  # they want to know of this keyword
    REPLY_REFUSED = "reply_refused"  # their scheduled reply was not sent


RECEIVED = "received"
"""The status of every inbound message; an outbound one has a ``DeliveryStatus``."""

NOTED = "noted"
"""The status of every note."""
