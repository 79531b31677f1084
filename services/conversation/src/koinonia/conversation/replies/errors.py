"""Errors of canned and scheduled replies, each with what to do about it."""

from koinonia.common import errors


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


class BadSendTime(errors.Invalid):
    code = "BAD_SEND_TIME"
    message = "sendAt must be in the future."


class TooLate(errors.Conflict):
    code = "TOO_LATE"
    message = (
        "This reply could not be sent within a day of its time, so it was not sent at all. Answer "
        "the conversation now if it still holds."
    )
