"""Errors of requests to the shared inbox, each with what to do about it."""

from uuid import UUID

from koinonia.common import errors
from koinonia.common.schema import Schema


class MergedInto(Schema):
    id: UUID  # the conversation that goes on


class NoSuchConversation(errors.NotFound):
    code = "CONVERSATION_NOT_FOUND"
    details_type = errors.UnknownIds | MergedInto | None
    message = "There is no conversation with this id. GET /api/conversations lists yours."


class ConversationMerged(NoSuchConversation):
    message = (
        "This conversation was merged into another one. Use the id that is given under details."
    )


class NoSuchNote(errors.NotFound):
    code = "NOTE_NOT_FOUND"
    message = "There is no note with this id in the conversation. GET the conversation shows them."


class NoSuchAdmin(errors.NotFound):
    code = "ADMIN_NOT_FOUND"
    details_type = errors.UnknownIds | None
    message = "Nobody with this id is in your team. GET /api/auth/team lists who is."


class MayNotAnswer(errors.Conflict):
    code = "ADMIN_MAY_NOT_ANSWER"
    message = (
        "This colleague may read and not answer, so nothing can be assigned to them. Choose "
        "somebody else, or give them the role staff with PATCH /api/auth/team/{id}."
    )


class NoSuchLabel(errors.NotFound):
    code = "LABEL_NOT_FOUND"
    details_type = errors.UnknownIds | None
    message = "There is no label with this id. GET /api/labels lists yours."


class LabelTaken(errors.Conflict):
    code = "LABEL_EXISTS"
    message = "There is a label of this name already. Use that one, or give another name."


class NotOnThisPhone(errors.NotFound):
    code = "MEMBER_NOT_FOUND"
    message = (
        "Nobody with this id is known on the phone of this conversation. Its members are listed "
        "in GET /api/conversations/{id}."
    )


class AlreadyKnown(errors.Conflict):
    code = "MEMBER_EXISTS"
    message = (
        "Somebody of this name is known on this phone already. Say that it is them with "
        "PUT /api/conversations/{id}/member."
    )


class NotYourNote(errors.Forbidden):
    code = "NOT_YOUR_NOTE"
    message = (
        "A note is changed by who wrote it, or by an admin, and what nobody wrote by nobody. Write "
        "one of your own."
    )


class SnoozeOutOfRange(errors.Invalid):
    code = "SNOOZE_OUT_OF_RANGE"
    message = "Snooze until a time that is still to come, and within a year."


class MergedWithItself(errors.Invalid):
    code = "MERGED_WITH_ITSELF"
    message = "A conversation cannot be merged with itself. Give the id of another one in fromId."


class UnreadByPage(errors.Invalid):
    code = "UNREAD_BY_PAGE"
    message = (
        "What you have not read comes by cursor. Leave page out, and give the nextCursor of one "
        "page as cursor for the next."
    )


class RecipientOptedOut(errors.Conflict):
    code = "RECIPIENT_OPTED_OUT"
    message = (
        "This phone has opted out of your texts, so nothing may be sent to it. Its owner can "
        "text START to your number to receive texts again."
    )


class StopRecorded(RecipientOptedOut):
    """The stop is not a text of the phone, so no carrier blocks it and staff can take it back."""

    message = (
        "Your church recorded that this phone wants no texts, so nothing may be sent to it. If its "
        "owner has written to you since, record their words with POST /api/consents, kind granted; "
        "then answer."
    )


class NumberReleased(errors.Conflict):
    code = "NUMBER_RELEASED"
    message = (
        "The number this conversation ran on is no longer yours, so it cannot be answered from "
        "it. Text this person from your present number with POST /api/messages/send."
    )


class EmptyText(errors.Invalid):
    code = "EMPTY_TEXT"
    message = "The text is empty. Write what is to be sent."


class TextTooLong(errors.Invalid):
    code = "TEXT_TOO_LONG"
    message = "The text is too long. Shorten it to 1,600 characters and 10 parts."
