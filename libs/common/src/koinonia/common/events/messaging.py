"""Events of the messaging service: people, broadcasts, sending numbers."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from koinonia.common.events.actions import ActionTaken
from koinonia.common.events.base import ChurchEvent, EventPart, SealedText


class DeliveryStatus(StrEnum):
    """The state of one text to one phone. ``RANK`` orders them; a status only ever moves up.

    ``delivered`` outranks ``failed`` because a late receipt of success is the truth, and
    ``unconfirmed`` stands below both because a later report may still decide it. ``skipped`` is
    ours alone (opted out, declined, cancelled): the carrier was never called.
    """

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    UNCONFIRMED = "unconfirmed"
    FAILED = "failed"
    DELIVERED = "delivered"
    SKIPPED = "skipped"

    @property
    def rank(self) -> int:
        return RANK[self]

    @property
    def is_open(self) -> bool:
        """Something more is to come for this text."""
        return self in (self.PENDING, self.SENDING, self.SENT)


RANK = {
    DeliveryStatus.PENDING: 0,
    DeliveryStatus.SENDING: 1,
    DeliveryStatus.SENT: 2,
    DeliveryStatus.UNCONFIRMED: 3,
    DeliveryStatus.FAILED: 4,
    DeliveryStatus.DELIVERED: 5,
    DeliveryStatus.SKIPPED: 6,
}


class OwnFailure(StrEnum):
    """Why a text was not sent, or is not known to have arrived, where it was not the carrier who
    said so."""

    NO_ACTIVE_NUMBER = "no_active_number"
    NUMBER_DISCONNECTED = "number_disconnected"
    NO_CONSENT = "no_consent"
    DECLINED = "declined"  # billing
    CANCELLED = "cancelled"
    TOO_LATE = "too_late"
    NO_REPORT = "no_report"


class MessageKind(StrEnum):
    BROADCAST = "broadcast"
    REPLY = "reply"
    CONFIRMATION = "confirmation"  # our own answer to STOP, START or HELP
    TEST = "test"  # what a broadcast would say, from somebody of the team to themself


class MessageCreated(ChurchEvent, name="message.created"):
    """A message and its recipient rows exist; nothing is sent before billing approves."""

    message_id: UUID
    kind: MessageKind
    recipients: int
    parts: int  # estimated, all recipients together


class MessageStarted(ChurchEvent, name="message.started"):
    message_id: UUID
    kind: MessageKind


class MessageCompleted(ChurchEvent, name="message.completed"):
    """Nothing of the message is open any more."""

    message_id: UUID
    kind: MessageKind
    counts: dict[DeliveryStatus, int]
    parts: int  # as billed
    admin_id: UUID | None = None  # who sent it; None: nobody did in a request of theirs


class MessageCancelled(ChurchEvent, name="message.cancelled"):
    message_id: UUID
    kind: MessageKind


class MessageQuietHoursOverridden(ChurchEvent, name="message.quiet_hours_overridden"):
    """An owner had a message sent whatever the hour at its recipients."""

    message_id: UUID
    admin_id: UUID
    reason: str  # the owner's own words


class BatchReleased(ChurchEvent, name="batch.released"):
    """One batch of a broadcast may be sent now. Messaging tells only itself."""

    message_id: UUID
    batch: int


class ReplyReleased(ChurchEvent, name="reply.released"):
    """A reply may be sent now: the same as a batch, on the lane that never waits."""

    message_id: UUID
    batch: int


class DeliveryChange(EventPart):
    recipient_id: UUID
    previous: DeliveryStatus
    status: DeliveryStatus
    failure: str | None = None


class DeliveryUpdated(ChurchEvent, name="delivery.updated"):
    """Up to 500 texts of one message moved. ``parts`` and ``cost`` are what they add to the bill:
    the difference between what is known now and what was counted before, so a sum never doubles.
    """

    message_id: UUID
    kind: MessageKind
    changes: list[DeliveryChange]
    parts: int = 0
    cost: Decimal = Decimal(0)  # USD


class MemberSnapshot(EventPart):
    member_id: UUID
    first_name: str
    last_name: str
    sealed_phone: str
    phone_index: str


class MemberCreated(ChurchEvent, name="member.created"):
    """Up to 500 members joined (an import creates many)."""

    members: list[MemberSnapshot]


class MemberUpdated(ChurchEvent, name="member.updated"):
    members: list[MemberSnapshot]


class MemberRemoved(ChurchEvent, name="member.removed"):
    member_ids: list[UUID]


class MemberMerged(ChurchEvent, name="member.merged"):
    """Two members were one person; the one who stays has what both had. ``member.removed`` and
    ``member.updated`` say the rest. The dropped phone is one that the person had besides."""

    member_id: UUID  # who is gone
    into: UUID
    dropped_phone_index: str | None = None  # None where both had the same


class ConsentMethod(StrEnum):
    KEYWORD = "keyword"  # a text from the phone
    IMPORT = "import"
    WEB_FORM = "web_form"
    STAFF = "staff"
    CARRIER = "carrier"  # it refused a text of ours because of a STOP
    UNSETTLED = "unsettled"  # nobody said within ten business days what a text meant

    @property
    def is_own(self) -> bool:
        """The person's own word, which nobody else can take back."""
        return self in (ConsentMethod.KEYWORD, ConsentMethod.CARRIER)


class MemberOptedOut(ChurchEvent, name="member.opted_out"):
    """A phone said no; the opt-out belongs to the phone, whoever shares it."""

    phone_index: str
    sealed_phone: str
    source: str  # a ConsentMethod


class MemberOptedIn(ChurchEvent, name="member.opted_in"):
    phone_index: str
    sealed_phone: str
    source: str


class StopAsked(ChurchEvent, name="member.stop_asked"):
    """A text may ask to stop. Until that is settled no broadcast goes to the phone; unsettled, it
    is a stop from ``counts_from`` on."""

    phone_index: str
    sealed_phone: str
    carrier: str
    carrier_message_id: str  # of the text
    asked_at: datetime
    counts_from: datetime


class StopSettled(ChurchEvent, name="member.stop_settled"):
    phone_index: str
    sealed_phone: str
    asked_at: datetime
    decision: str  # stop, ordinary
    settled_by: str  # person, staff, time


class TextUnderstood(ChurchEvent, name="text.understood"):
    """What a text to the church means: nothing special, STOP and its like, or a keyword.

    Said of every text that finds its church, and once; it may be heard before the text itself.
    """

    carrier: str
    carrier_message_id: str
    received_at: datetime
    to: str  # our number, E.164
    sealed_sender: str
    phone_index: str
    # none, keyword, stop, start, help, stop_asked (may ask to stop: staff settle it); stop, start
    # and help were answered by their rules
    meaning: str
    keyword: str | None = None
    answer: SealedText | None = None  # what the church wants to be answered to the keyword
    notify: tuple[UUID, ...] = ()  # admins who want to know
    message_id: UUID | None = None  # the broadcast that this phone was sent last, if lately
    message_text: SealedText | None = None
    message_sent_at: datetime | None = None


class GroupMembersChanged(ChurchEvent, name="group.members_changed"):
    """Up to 500 members came into a group or left it. ``group_name`` is that of the moment."""

    group_id: UUID
    joined: tuple[UUID, ...] = ()
    left: tuple[UUID, ...] = ()
    group_name: SealedText | None = None
    admin_id: UUID | None = None  # None: nobody of the team did it in a request of theirs


class GroupMoves(EventPart):
    """Who came into one group and who left it."""

    group_id: UUID
    joined: tuple[UUID, ...] = ()
    left: tuple[UUID, ...] = ()
    group_name: SealedText | None = None


class ManyGroupsChanged(ChurchEvent, name="group.many_changed"):
    """What ``GroupMembersChanged`` says, of many groups at once, as a file of people fills them: up
    to 500 comings and goings. A group may be in several of these events."""

    groups: tuple[GroupMoves, ...]
    admin_id: UUID | None = None


class GroupRemoved(ChurchEvent, name="group.removed"):
    group_id: UUID


class ImportStatus(StrEnum):
    """``checked`` and ``uploaded`` may go to ``checking`` and ``running``; those two and
    ``undoing`` are the worker's, which ends them; ``done``, ``cancelled`` and ``failed`` may go to
    ``undoing``."""

    UPLOADED = "uploaded"
    CHECKING = "checking"  # a dry run
    CHECKED = "checked"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"
    UNDOING = "undoing"
    UNDONE = "undone"

    @property
    def is_under_way(self) -> bool:
        return self in (self.CHECKING, self.RUNNING, self.UNDOING)


class ImportProgressed(ChurchEvent, name="import.progressed"):
    """A file is on its way into the directory, or out of it again; about once a second, and at its
    end. ``counts`` are rows by outcome."""

    import_id: UUID
    status: ImportStatus
    rows: int
    rows_done: int
    counts: dict[str, int]
    admin_id: UUID | None = None  # who started it, or gave the file


class NumberRequested(ChurchEvent, name="number.requested"):
    """Staff asked for a sending number; messaging tells itself to order it after the commit."""

    number_id: UUID


class NumberAssigned(ChurchEvent, name="number.assigned"):
    number_id: UUID
    phone_number: str  # E.164, the church's own
    carrier: str
    assigned_at: datetime


class NumberReleased(ChurchEvent, name="number.released"):
    number_id: UUID
    phone_number: str
    released_at: datetime


class NumberConnection(StrEnum):
    """``relinking``: apart from its profile or address, and being put back. ``lost``: the account
    has it no more. ``held_elsewhere``: in something at the carrier that is not this church's."""

    CONNECTED = "connected"
    RELINKING = "relinking"
    LOST = "lost"
    HELD_ELSEWHERE = "held_elsewhere"


class NumberConnectionChanged(ChurchEvent, name="number.connection_changed"):
    """An active number was found apart from what connects it at the carrier, or is back."""

    number_id: UUID
    connection: NumberConnection


class UploadsReferenced(ChurchEvent, name="uploads.referenced"):
    """A message, a schedule or a template refers to exactly these uploads from now on; the newest
    of a holder counts."""

    holder_id: UUID
    media_ids: tuple[UUID, ...] = ()


class MessagingActionTaken(ActionTaken, name="messaging.action_taken"):
    """Somebody of a church sent, imported, exported, changed or removed something."""
