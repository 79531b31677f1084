"""Events as the shared inbox hears them, and what it made of them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db, inbox, outbox
from koinonia.common.events import REGISTRY, Event
from koinonia.common.events.auth import AdminJoined, AdminRemoved, AdminUpdated
from koinonia.common.events.conversation import ConversationUpdated
from koinonia.common.events.ingress import CarrierMessageReceived
from koinonia.common.events.messaging import (
    DeliveryChange,
    DeliveryStatus,
    DeliveryUpdated,
    GroupMembersChanged,
    GroupRemoved,
    ManyGroupsChanged,
    MemberCreated,
    MemberMerged,
    MemberOptedIn,
    MemberOptedOut,
    MemberRemoved,
    MemberSnapshot,
    MemberUpdated,
    MessageKind,
    NumberAssigned,
    NumberReleased,
    StopAsked,
    StopSettled,
    TextUnderstood,
    UploadsReferenced,
)
from koinonia.common.phone import Phones
from koinonia.common.testing import phones as fictional
from koinonia.common.testing import probe
from koinonia.common.testing.secrets import demo_environment
from koinonia.conversation.actions import stop_questions
from koinonia.conversation.inbound import received_texts
from koinonia.conversation.media import upload_holders
from koinonia.conversation.projections import (
    contacts,
    groups,
    number_routes,
    opt_outs,
    team,
)
from koinonia.conversation.replies import delivery_updates
from koinonia.conversation.running import Running

_ENVIRONMENT = demo_environment()
PHONES = Phones.from_settings(
    _ENVIRONMENT["KOINONIA_PHONE_KEYS"], _ENVIRONMENT["KOINONIA_PHONE_INDEX_KEY"]
)
RUNNING = cast(Running, SimpleNamespace(phones=PHONES))
"""All that receiving a text takes of what a process holds open."""

OURS = fictional.phone(0)
THEIRS = fictional.phone(1)
START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def text(
    content: str = "Hello",
    sender: str = THEIRS,
    to: str = OURS,
    minutes: float = 0,
    carrier_message_id: str | None = None,
    media_urls: Sequence[str] = (),
    media_types: Sequence[str | None] = (),
    group: Sequence[str] = (),
) -> CarrierMessageReceived:
    return CarrierMessageReceived(
        carrier="telnyx",
        carrier_message_id=carrier_message_id or str(db.uuid7()),
        to=to,
        sealed_sender=PHONES.seal(sender),
        text=content,
        media_urls=tuple(media_urls),
        media_types=tuple(media_types),
        sealed_group=tuple(map(PHONES.seal, group)),
        received_at=at(minutes),
    )


def understood(
    church_id: UUID, inbound: CarrierMessageReceived, meaning: str = "none", **fields: Any
) -> TextUnderstood:
    """What messaging makes of a text of ``THEIRS``."""
    return TextUnderstood(
        church_id=church_id,
        carrier=inbound.carrier,
        carrier_message_id=inbound.carrier_message_id,
        received_at=inbound.received_at,
        to=inbound.to,
        sealed_sender=inbound.sealed_sender,
        phone_index=PHONES.index(church_id, THEIRS),
        meaning=meaning,
        **fields,
    )


def assigned(
    church_id: UUID, number: str = OURS, at: datetime | None = None, number_id: UUID | None = None
) -> NumberAssigned:
    return NumberAssigned(
        church_id=church_id,
        number_id=number_id or db.uuid7(),
        phone_number=number,
        carrier="telnyx",
        assigned_at=at or START - timedelta(days=365),
    )


def released(assignment: NumberAssigned, at: datetime) -> NumberReleased:
    return NumberReleased(
        church_id=assignment.church_id,
        number_id=assignment.number_id,
        phone_number=assignment.phone_number,
        released_at=at,
    )


def member(
    church_id: UUID,
    first_name: str = "Ada",
    last_name: str = "Moss",
    phone: str = THEIRS,
    member_id: UUID | None = None,
) -> MemberSnapshot:
    return MemberSnapshot(
        member_id=member_id or db.uuid7(),
        first_name=first_name,
        last_name=last_name,
        sealed_phone=PHONES.seal(phone),
        phone_index=PHONES.index(church_id, phone),
    )


def joined(church_id: UUID, *members: MemberSnapshot, **fields: Any) -> MemberCreated:
    return MemberCreated(church_id=church_id, members=list(members), **fields)


def admin(
    church_id: UUID,
    first_name: str = "Ruth",
    last_name: str = "Meyer",
    admin_id: UUID | None = None,
    **fields: Any,
) -> AdminJoined:
    return AdminJoined(
        church_id=church_id,
        admin_id=admin_id or db.uuid7(),
        role="staff",
        first_name=first_name,
        last_name=last_name,
        **fields,
    )


def opted(
    kind: type[MemberOptedOut] | type[MemberOptedIn],
    church_id: UUID,
    phone: str = THEIRS,
    source: str = "keyword",
    **fields: Any,
) -> MemberOptedOut | MemberOptedIn:
    return kind(
        church_id=church_id,
        phone_index=PHONES.index(church_id, phone),
        sealed_phone=PHONES.seal(phone),
        source=source,
        **fields,
    )


def asked(church_id: UUID, inbound: CarrierMessageReceived) -> StopAsked:
    """The text may ask to stop."""
    return StopAsked(
        church_id=church_id,
        phone_index=PHONES.index(church_id, PHONES.open(inbound.sealed_sender)),
        sealed_phone=inbound.sealed_sender,
        carrier=inbound.carrier,
        carrier_message_id=inbound.carrier_message_id,
        asked_at=inbound.received_at,
        counts_from=inbound.received_at + timedelta(days=14),
    )


def settled(question: StopAsked) -> StopSettled:
    return StopSettled(
        church_id=question.church_id,
        phone_index=question.phone_index,
        sealed_phone=question.sealed_phone,
        asked_at=question.asked_at,
        decision="ordinary",
        settled_by="staff",
    )


def progressed(
    church_id: UUID,
    message_id: UUID,
    status: DeliveryStatus,
    failure: str | None = None,
    kind: MessageKind = MessageKind.REPLY,
) -> DeliveryUpdated:
    change = DeliveryChange(
        recipient_id=db.uuid7(), previous=DeliveryStatus.PENDING, status=status, failure=failure
    )
    return DeliveryUpdated(church_id=church_id, message_id=message_id, kind=kind, changes=[change])


async def church(database: db.Database, number: str = OURS) -> UUID:
    church_id = db.uuid7()
    await hear(database, assigned(church_id, number))
    return church_id


async def hear(database: db.Database, *events: Event) -> None:
    """Apply events one by one, as the consumer does."""
    for event in events:
        scope = None if isinstance(event, DeliveryUpdated) else event.church_id
        async with database.transaction(scope) as session:
            if await inbox.record(session, [event.id]):
                await _react(session, event)


async def _react(session: AsyncSession, event: Event) -> None:
    match event:
        case CarrierMessageReceived():
            await received_texts.receive(RUNNING, session, [event])
        case DeliveryUpdated():
            await delivery_updates.apply(session, [event])
        case MemberCreated() | MemberUpdated():
            await contacts.record(session, event)
        case MemberMerged():
            await contacts.merge(session, event)
        case MemberRemoved():
            await contacts.remove(session, event)
        case GroupMembersChanged() | ManyGroupsChanged():
            await groups.record(session, event)
        case GroupRemoved():
            await groups.remove(session, event)
        case MemberOptedOut() | MemberOptedIn():
            await opt_outs.record(session, event)
        case StopAsked():
            await stop_questions.open_question(session, event)
        case StopSettled():
            await stop_questions.close_question(session, event)
        case NumberAssigned():
            await number_routes.assign(session, event)
        case NumberReleased():
            await number_routes.release(session, event)
        case AdminJoined() | AdminUpdated():
            await team.record(session, event)
        case AdminRemoved():
            await team.remove(session, event)
        case UploadsReferenced():
            await upload_holders.record(session, event)
        case _:
            raise NotImplementedError(event.name)


async def threads(database: db.Database, church_id: UUID) -> list[Any]:
    async with database.transaction(church_id) as session:
        return await probe.rows(session, "SELECT * FROM conversations ORDER BY created_at, id")


async def messages(database: db.Database, church_id: UUID) -> list[Any]:
    async with database.transaction(church_id) as session:
        return await probe.rows(
            session, "SELECT * FROM conversation_messages ORDER BY occurred_at, id"
        )


async def said(database: db.Database, kind: type[Event]) -> list[Any]:
    """What the shared inbox published, oldest first."""
    async with database.transaction() as session:
        waiting = await probe.rows(
            session,
            "SELECT name, body FROM outbox WHERE name = :name ORDER BY position",
            {"name": kind.name},
        )
        seal = session.info.get(outbox.SEAL)
    return [REGISTRY[row.name].from_wire(row.body, seal) for row in waiting]


async def reasons(database: db.Database) -> list[str]:
    """Why news were told of threads, but for texts that came in."""
    told = [each.reason for each in await said(database, ConversationUpdated)]
    return [reason for reason in told if reason != "received"]
