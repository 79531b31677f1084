"""Errors of canned and scheduled replies, each with what to do about it."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from koinonia.common import errors
from koinonia.common.schema import Schema
from koinonia.conversation.listing.schemas import MediaSummary, ReplyChoice
from koinonia.conversation.schemas import AdminName
from koinonia.conversation.threads.vocabulary import Direction, LineSource


class NewerLine(Schema):
    """What was said since the writer of a reply looked."""

    id: UUID
    direction: Direction
    content: str = Field(examples=["Never mind, we found it."])
    media: MediaSummary | None
    source: LineSource | None = Field(description="what made an outbound line")
    author: AdminName | None = Field(description="of what staff wrote")
    created_at: datetime


class NewerLines(Schema):
    count: int = Field(description="of all of them", examples=[1])
    lines: list[NewerLine] = Field(description="the first 20, the oldest first")


class ThreadMovedOn(errors.Conflict):
    code = "THREAD_MOVED_ON"
    details_type = NewerLines
    message = (
        "Something was said in this conversation since you looked: the lines are under details. "
        "Send it anyway with force, or with the id of the newest line in lastSeenLineId."
    )


class NoSuchLine(errors.NotFound):
    code = "LINE_NOT_FOUND"
    message = (
        "There is no line with the id of lastSeenLineId in this conversation; a note may be gone. "
        "GET the conversation, and give the id of its newest line."
    )


class NoSuchCannedReply(errors.NotFound):
    code = "CANNED_REPLY_NOT_FOUND"
    message = "There is no canned reply of this name. GET /api/canned-replies lists yours."


class ShortcutTaken(errors.Conflict):
    code = "SHORTCUT_TAKEN"
    message = "Another canned reply has this shortcut, in this or another case. Choose another one."


class NoSuchScheduledReply(errors.NotFound):
    code = "SCHEDULED_REPLY_NOT_FOUND"
    message = (
        "This conversation has no scheduled reply with this id. "
        "GET /api/conversations/{id}/scheduled-replies lists them."
    )


class ScheduledReplyOver(errors.Conflict):
    code = "SCHEDULED_REPLY_OVER"
    message = (
        "This reply does not wait any more: it was sent, cancelled or refused. Schedule a new one."
    )


class RecipientNotChosen(errors.Conflict):
    code = "RECIPIENT_NOT_CHOSEN"
    details_type = ReplyChoice
    message = (
        "The last text went to several people, and a reply goes to one phone only. Say in "
        "recipient to which of the phones under details; the first is the sender's."
    )


class RecipientNotInGroup(errors.Invalid):
    code = "RECIPIENT_NOT_IN_GROUP"
    message = (
        "The last text of this conversation neither came from this phone nor went to it. Leave "
        "recipient out, or give one of those under replyChoice of GET /api/conversations/{id}."
    )


class RecipientUnknown(errors.Conflict):
    code = "RECIPIENT_UNKNOWN"
    message = (
        "This phone is none of your people and has never texted you, so nothing may be sent to it. "
        "Answer the sender, or ask its owner to text you."
    )


class NothingSaidYet(errors.Conflict):
    code = "NOTHING_SAID_YET"
    message = (
        "There is no conversation with this phone yet in which a reply could wait. Reply to it "
        "now, or schedule a message to this person with POST /api/schedules."
    )


class BadSendTime(errors.Invalid):
    code = "BAD_SEND_TIME"
    message = "sendAt must be in the future."


class TooLate(errors.Conflict):
    code = "TOO_LATE"
    message = (
        "This reply could not be sent within a day of its time, so it was not sent at all. Answer "
        "the conversation now if it still holds."
    )
