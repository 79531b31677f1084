"""Events as integrations hears them."""

from datetime import UTC, datetime
from uuid import UUID

from koinonia.common import db
from koinonia.common.events import ChurchEvent
from koinonia.common.events.billing import AllowanceLow
from koinonia.common.events.conversation import ConversationUpdated
from koinonia.common.events.messaging import (
    DeliveryChange,
    DeliveryStatus,
    DeliveryUpdated,
    ImportProgressed,
    ImportStatus,
    MemberCreated,
    MemberOptedIn,
    MemberOptedOut,
    MemberRemoved,
    MemberSnapshot,
    MemberUpdated,
    MessageCompleted,
    MessageKind,
    NumberAssigned,
    NumberConnection,
    NumberConnectionChanged,
    NumberReleased,
    TextUnderstood,
)
from koinonia.common.phone import Phones

PHONE = "+12025550142"
NUMBER = "+13125550100"
NOW = datetime(2026, 12, 1, tzinfo=UTC)
WORDS = "Please pray for my mother " * 8


def completed(church_id: UUID, kind: MessageKind = MessageKind.BROADCAST) -> MessageCompleted:
    return MessageCompleted(
        church_id=church_id,
        message_id=db.uuid7(),
        kind=kind,
        counts={DeliveryStatus.DELIVERED: 3},
        parts=3,
    )


def moved(church_id: UUID, *statuses: DeliveryStatus) -> DeliveryUpdated:
    changes = [
        DeliveryChange(
            recipient_id=db.uuid7(), previous=DeliveryStatus.SENT, status=each, failure="landline"
        )
        for each in statuses
    ]
    return DeliveryUpdated(
        church_id=church_id, message_id=db.uuid7(), kind=MessageKind.BROADCAST, changes=changes
    )


def conversation(
    church_id: UUID, phones: Phones, reason: str, **fields: object
) -> ConversationUpdated:
    said: dict[str, object] = {"status": "open", "phone_index": None, "sealed_phone": None}
    if reason == "received":
        said |= {
            "message_id": db.uuid7(),
            "preview": WORDS[:160],
            "text": WORDS,
            "phone_index": phones.index(church_id, PHONE),
            "sealed_phone": phones.seal(PHONE),
        }
    return ConversationUpdated.model_validate(
        {"church_id": church_id, "conversation_id": db.uuid7(), "reason": reason} | said | fields
    )


def understood(church_id: UUID, phones: Phones, meaning: str = "keyword") -> TextUnderstood:
    return TextUnderstood(
        church_id=church_id,
        carrier="telnyx",
        carrier_message_id="c1",
        received_at=NOW,
        to=NUMBER,
        sealed_sender=phones.seal(PHONE),
        phone_index=phones.index(church_id, PHONE),
        meaning=meaning,
        keyword="PICNIC",
    )


def snapshot(church_id: UUID, phones: Phones) -> MemberSnapshot:
    return MemberSnapshot(
        member_id=db.uuid7(),
        first_name="Ruth",
        last_name="Adeyemi",
        sealed_phone=phones.seal(PHONE),
        phone_index=phones.index(church_id, PHONE),
    )


def imported(church_id: UUID, status: ImportStatus) -> ImportProgressed:
    return ImportProgressed(
        church_id=church_id,
        import_id=db.uuid7(),
        status=status,
        rows=3,
        rows_done=3,
        counts={"created": 3},
    )


def one_of_each(church_id: UUID, phones: Phones) -> dict[str, ChurchEvent]:
    """By kind of webhook, an event that is one."""
    index, sealed = phones.index(church_id, PHONE), phones.seal(PHONE)
    closed = conversation(church_id, phones, "status", status="closed")
    assigned = conversation(church_id, phones, "assigned", assignee_id=db.uuid7())
    members = [snapshot(church_id, phones)]
    low = AllowanceLow(
        church_id=church_id,
        percent=80,
        allowance_parts=100,
        used_parts=70,
        reserved_parts=10,
        period_ends_at=NOW,
    )
    number = NumberAssigned(
        church_id=church_id,
        number_id=db.uuid7(),
        phone_number=NUMBER,
        carrier="telnyx",
        assigned_at=NOW,
    )
    stop = MemberOptedOut(
        church_id=church_id, phone_index=index, sealed_phone=sealed, source="keyword"
    )
    return {
        "message.completed": completed(church_id),
        "recipient.failed": moved(church_id, DeliveryStatus.DELIVERED, DeliveryStatus.FAILED),
        "text.received": conversation(church_id, phones, "received"),
        "conversation.assigned": assigned,
        "conversation.closed": closed,
        "member.created": MemberCreated(church_id=church_id, members=members),
        "member.updated": MemberUpdated(church_id=church_id, members=members),
        "member.removed": MemberRemoved(church_id=church_id, member_ids=[db.uuid7()]),
        "consent.changed": stop,
        "keyword.used": understood(church_id, phones),
        "allowance.low": low,
        "number.changed": number,
        "import.completed": imported(church_id, ImportStatus.DONE),
    }


def no_webhooks(church_id: UUID, phones: Phones) -> list[ChurchEvent]:
    """Events of the same classes that are none."""
    return [
        completed(church_id, MessageKind.REPLY),
        moved(church_id, DeliveryStatus.DELIVERED),
        *(conversation(church_id, phones, each) for each in ("read", "replied", "noted")),
        conversation(church_id, phones, "status", status="open"),
        understood(church_id, phones, "none"),
        imported(church_id, ImportStatus.RUNNING),
    ]


def others(church_id: UUID, phones: Phones) -> list[ChurchEvent]:
    """Further events of kinds that have several."""
    index, sealed = phones.index(church_id, PHONE), phones.seal(PHONE)
    return [
        MemberOptedIn(
            church_id=church_id, phone_index=index, sealed_phone=sealed, source="web_form"
        ),
        NumberReleased(
            church_id=church_id, number_id=db.uuid7(), phone_number=NUMBER, released_at=NOW
        ),
        NumberConnectionChanged(
            church_id=church_id, number_id=db.uuid7(), connection=NumberConnection.LOST
        ),
        imported(church_id, ImportStatus.FAILED),
    ]
