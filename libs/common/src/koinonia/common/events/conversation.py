"""Events of the conversation service: the shared inbox."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from koinonia.common.events.actions import ActionTaken
from koinonia.common.events.base import ChurchEvent, EventPart, SealedText


class ConversationStatus(StrEnum):
    """An inbound text opens a thread again, whatever it was."""

    OPEN = "open"
    CLOSED = "closed"
    ARCHIVED = "archived"
    SNOOZED = "snoozed"  # open again at a time, or with the next text


class Direction(StrEnum):
    INBOUND = "inbound"
    OUTBOUND = "outbound"
    NOTE = "note"  # among staff; it never leaves


class UpdateReason(StrEnum):
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


class NoticeReason(StrEnum):
    """Why somebody of the team is notified: ``reason`` of ``staff.notified``."""

    MENTIONED = "mentioned"  # a note names them
    ASSIGNED = "assigned"  # the thread is theirs now
    KEYWORD = "keyword"  # they want to know of this keyword
    REPLY_REFUSED = "reply_refused"  # their scheduled reply was not sent


class MediaKind(StrEnum):
    """Where the files of a line are of several kinds, they are files."""

    IMAGE = "image"
    AUDIO = "audio"
    VIDEO = "video"
    CONTACT = "contact"
    FILE = "file"


class LineMedia(EventPart):
    """The pictures and files of a line."""

    kind: str  # image, audio, video, contact, or file: also where they are of several kinds
    count: int


class ConversationUpdated(ChurchEvent, name="conversation.updated"):
    conversation_id: UUID
    status: str
    previous_status: str | None = None  # None: the thread is new
    unread_count: int = 0
    reason: str | None = None  # what happened: received, replied, read, status, assigned, noted ...
    message_id: UUID | None = None  # the line that is new, or whose files were fetched
    direction: str | None = None  # of that line: inbound, outbound, note
    preview: SealedText | None = None  # the first 160 characters of that line
    media: LineMedia | None = None  # of that line
    participants: int = 0  # how many others got that line, a group text
    last_message_at: datetime | None = None
    assignee_id: UUID | None = None
    # Of a text that came in:
    text: SealedText | None = None  # all of it, where the preview is cut
    phone_index: str | None = None
    sealed_phone: str | None = None
    merged_into_id: UUID | None = None  # this thread is gone: its lines are in that one


class PhoneConversation(EventPart):
    conversation_id: UUID
    phone_index: str
    since: datetime
    last_heard_at: datetime | None = None  # its newest text, where that may not be known


class ConversationsBegun(ChurchEvent, name="conversation.begun"):
    """These conversations are those of their phones from then on: they began, or took in the one
    before. Up to 500; the newest of a phone counts."""

    conversations: list[PhoneConversation]


class ReplyRequested(ChurchEvent, name="reply.requested"):
    """A thread was answered. ``reply_id`` is the thread's line and the id of the message. It
    ``begins`` where nobody has texted from this phone: then its owner must have agreed."""

    reply_id: UUID
    conversation_id: UUID
    admin_id: UUID | None = None  # None: answered for staff, to a keyword or after hours
    sender: str  # the church's own number, E.164
    sealed_phone: str
    text: SealedText
    media_urls: tuple[SealedText, ...] = ()
    begins: bool = False


class WordsFound(ChurchEvent, name="words.found"):
    """Words of a text that came as a part of it, as files do: messaging heard the text without
    them."""

    carrier: str
    carrier_message_id: str
    to: str  # our number, E.164
    sealed_sender: str
    text: SealedText
    received_at: datetime
    opt_out_type: str | None = None  # no carrier looks for keywords in a part


class MemberRequested(ChurchEvent, name="member.requested"):
    """Staff named who texts: messaging makes a member of the phone, under the id given here."""

    member_id: UUID
    conversation_id: UUID
    admin_id: UUID
    sealed_phone: str
    first_name: str
    last_name: str
    group_ids: tuple[UUID, ...] = ()


class UploadStored(ChurchEvent, name="upload.stored"):
    """Staff uploaded a picture or file to be sent."""

    media_id: UUID
    bytes: int
    content_type: str
    url: str  # for carriers, good as long as the upload is kept
    kept_until: datetime  # unless something refers to it by then


class UploadForgotten(ChurchEvent, name="upload.forgotten"):
    """Nothing referred to an upload any more, and it is gone."""

    media_id: UUID


class StaffNotified(ChurchEvent, name="staff.notified"):
    """Something that certain admins should see: a note names them, a thread became theirs, a
    keyword came in, their scheduled reply was refused."""

    admin_ids: tuple[UUID, ...]
    conversation_id: UUID
    reason: str  # mentioned, assigned, keyword, reply_refused
    message_id: UUID | None = None
    by: UUID | None = None  # the admin who caused it


class ConversationsRead(ChurchEvent, name="conversation.read"):
    """Somebody of the team has read these conversations, up to 200. It says nothing of the church,
    for which they may have been read before."""

    admin_id: UUID
    conversation_ids: tuple[UUID, ...]


class PresenceChanged(ChurchEvent, name="presence.changed"):
    """Somebody of the team began to write an answer, or does so no more. Of those who just go on
    nothing is said."""

    conversation_id: UUID
    admin_id: UUID
    is_answering: bool
    expires_at: datetime | None = None  # unless they go on; None where it ended


class ConversationActionTaken(ActionTaken, name="conversation.action_taken"):
    """Somebody of a church changed something of the inbox that the church should find again."""
