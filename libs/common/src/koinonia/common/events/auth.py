"""Events of the auth service: churches and the people who may sign in."""

from enum import StrEnum
from uuid import UUID

from koinonia.common.events.base import ChurchEvent


class ChurchRegistered(ChurchEvent, name="church.registered"):
    church_name: str
    timezone: str
    language: str | None = None  # a text search configuration of PostgreSQL: english, spanish


class ChurchUpdated(ChurchEvent, name="church.updated"):
    church_name: str
    timezone: str
    language: str | None = None


class ChurchVerified(ChurchEvent, name="church.verified"):
    """A mail address of an owner is known to be theirs: the church may have a number and send."""

    admin_id: UUID | None = None  # whose address; none for churches from before addresses counted


class AdminJoined(ChurchEvent, name="admin.joined"):
    admin_id: UUID
    role: str
    first_name: str | None = None
    last_name: str | None = None


class AdminUpdated(ChurchEvent, name="admin.updated"):
    """The name or the role of an admin changed."""

    admin_id: UUID
    role: str
    first_name: str | None = None
    last_name: str | None = None


class SessionEnded(ChurchEvent, name="session.ended"):
    """A session ended before its time; its access tokens are not valid any more."""

    session_id: UUID
    admin_id: UUID


class AddressMarked(ChurchEvent, name="admin.address_marked"):
    """The mail address of an admin takes no mail, or they called ours spam."""

    admin_id: UUID
    reason: str  # bounced, dropped, complained


class NotificationKind(StrEnum):
    """What somebody of the team is notified of. A member is never renamed: it is stored, and each
    has its words in every language."""

    ASSIGNED = "assigned"  # a conversation is theirs now
    MENTIONED = "mentioned"  # a note names them
    KEYWORD = "keyword"  # a keyword that they want to know of came in
    REPLY_REFUSED = "reply_refused"  # their scheduled reply was not sent
    IMPORT_FINISHED = "import_finished"
    BROADCAST_FAILED = "broadcast_failed"  # nobody, or too few, got it
    ALLOWANCE_LOW = "allowance_low"
    ALLOWANCE_GONE = "allowance_gone"
    NUMBER_CUT_OFF = "number_cut_off"  # the carrier connects it with us no more
    NUMBER_BACK = "number_back"
    ADDRESS_FAILED = "address_failed"  # somebody of the team gets no mail


class NotificationsChanged(ChurchEvent, name="notifications.changed"):
    """These admins have a new notification, or read some."""

    admin_ids: tuple[UUID, ...]
    kind: NotificationKind | None = None  # of the new one; None: some were read


class AdminRemoved(ChurchEvent, name="admin.removed"):
    """An admin may not sign in any more; what they did keeps their id."""

    admin_id: UUID
