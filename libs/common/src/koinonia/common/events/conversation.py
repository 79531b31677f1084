"""Events of the conversation service: the shared inbox."""

from uuid import UUID

from koinonia.common.events.base import ChurchEvent


class ConversationUpdated(ChurchEvent, name="conversation.updated"):
    conversation_id: UUID
    status: str
    previous_status: str | None = None  # None: the thread is new
    unread_count: int = 0


class ReplyRequested(ChurchEvent, name="reply.requested"):
    """Staff answered a thread. ``reply_id`` is the thread's line and the id of the message."""

    reply_id: UUID
    conversation_id: UUID
    admin_id: UUID
    sender: str  # the church's own number, E.164
    sealed_phone: str
    text: str
    media_urls: tuple[str, ...] = ()
