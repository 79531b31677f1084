"""Statuses of a thread, directions and sources of its lines, reasons of its updates."""

from enum import StrEnum

from koinonia.common.events import conversation
from koinonia.common.events.messaging import DeliveryStatus

Status = conversation.ConversationStatus
Reason = conversation.UpdateReason
Notice = conversation.NoticeReason
Direction = conversation.Direction


class StopQuestionState(StrEnum):
    """By which threads are listed and counted."""

    OPEN = "open"  # a text of the phone may ask to stop, and nobody settled it


class LineSource(StrEnum):
    """Who wrote what goes out."""

    STAFF = "staff"
    SCHEDULED = "scheduled"  # staff, some time before
    KEYWORD = "keyword"  # nobody: what the church answers to that word
    AFTER_HOURS = "after_hours"  # nobody: what it answers while its office is closed


class OwnStatus(StrEnum):
    """The status of what the church did not send."""

    RECEIVED = "received"  # of every inbound line
    NOTED = "noted"  # of every note


LineStatus = DeliveryStatus | OwnStatus
RECEIVED = OwnStatus.RECEIVED
NOTED = OwnStatus.NOTED
