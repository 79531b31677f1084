"""Making a message: its row, its recipients, its batches and the event, in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from pydantic.alias_generators import to_camel
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.carriers import segments
from koinonia.common import clock, db, outbox
from koinonia.common.events.messaging import MessageCreated, MessageKind
from koinonia.common.identity import Identity
from koinonia.common.phone import Phones
from koinonia.messaging import lanes
from koinonia.messaging.broadcasts.accepting import emergencies, recipients
from koinonia.messaging.broadcasts.accepting.recipients import Placed
from koinonia.messaging.composing import uploads
from koinonia.messaging.errors import NoActiveNumber, NoReachableMembers
from koinonia.messaging.messages import batches, drafts, open_messages
from koinonia.messaging.messages.batches import Cut
from koinonia.messaging.messages.church_facts import ChurchFacts
from koinonia.messaging.messages.drafts import DUPLICATE, Draft
from koinonia.messaging.messages.schemas import AcceptedMessage, SendRequest
from koinonia.messaging.messages.weekly_budget import Priority
from koinonia.messaging.numbers.senders import Sender
from koinonia.messaging.people.audience import Reason
from koinonia.messaging.people.targets.target_schemas import TargetType
from koinonia.messaging.preview import allowance, saved_previews


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    """The row of a message, of whatever kind."""

    id: UUID
    church_id: UUID
    kind: MessageKind
    content: str = field(repr=False)
    media_urls: Sequence[str] = ()
    target_type: TargetType = TargetType.INDIVIDUAL
    target_ids: Sequence[UUID] = ()
    target: Mapping[str, object] | None = None  # where type and ids do not say it
    target_groups: Sequence[UUID] = ()  # those that such a target names
    sender: str
    carrier: str
    profile_id: str | None
    recipients: int = 1
    parts: int  # estimated, of all recipients together
    created_by: UUID | None = None
    excluded: Mapping[str, int] = field(default_factory=dict)
    zones: Mapping[str, int] = field(default_factory=dict)
    merge_fields: Sequence[str] = ()
    priority: Priority = Priority.NORMAL
    preview_hash: str | None = None
    schedule_id: UUID | None = None
    occurrence_at: datetime | None = None
    latest_at: datetime | None = None
    undo_until: datetime | None = None  # nothing of it leaves before
    override_reason: str | None = None  # why quiet hours do not count


async def create(
    session: AsyncSession, identity: Identity, request: SendRequest, phones: Phones
) -> AcceptedMessage:
    """Accept a broadcast. Nothing is sent before billing approves it."""
    church_id = identity.church_id
    emergencies.check(identity, request)
    draft = await drafts.from_request(session, church_id, request, phones)
    if minutes := request.skip_if_later_minutes:
        draft = replace(draft, latest_at=clock.now() + timedelta(minutes=minutes))
    if seconds := request.undo_seconds:
        draft = replace(draft, undo_until=clock.now() + timedelta(seconds=seconds))
    return await make(session, church_id, db.uuid7(), draft, identity.admin_id)


async def make(
    session: AsyncSession, church_id: UUID, message_id: UUID, draft: Draft, admin_id: UUID
) -> AcceptedMessage:
    """The message of a draft, on behalf of ``admin_id``: who is in its target now gets it."""
    facts = ChurchFacts(session, church_id)
    made = await place(session, facts, church_id, message_id, draft, admin_id)
    await write(session, church_id, [made])
    await begin(session, church_id, [made])
    return AcceptedMessage(id=message_id, message_id=message_id, total_recipients=made.recipients)


async def place(
    session: AsyncSession,
    facts: ChurchFacts,
    church_id: UUID,
    message_id: UUID,
    draft: Draft,
    admin_id: UUID,
) -> NewMessage:
    """The recipients of a message, whose row :func:`write` writes with those of others. Nothing is
    written when this raises what is wrong with the draft or the church."""
    await facts.check_verified()
    chosen = await drafts.number(facts, draft)
    if chosen is None:
        raise NoActiveNumber
    number = chosen.sender
    placed = await recipients.place(session, church_id, message_id, draft, facts)
    if not placed.total:
        raise _nobody(placed.excluded)
    if draft.preview_hash:
        await _check_preview(session, church_id, draft, draft.preview_hash, placed, number)
    message = _from_draft(church_id, message_id, draft, number, placed, admin_id)
    if draft.media_ids:
        await uploads.use(session, church_id, message_id, draft.media_ids)
    if draft.override_reason:
        await emergencies.record(session, church_id, message_id, admin_id, draft.override_reason)
    return message


async def begin(session: AsyncSession, church_id: UUID, made: Sequence[NewMessage]) -> None:
    """Cut the batches of messages that were written, and ask for their approval."""
    if not made:
        return
    cuts = [
        Cut(each.id, each.recipients, lanes.for_kind(each.kind), each.undo_until) for each in made
    ]
    await open_messages.begin(session, church_id, [each.id for each in made])
    await batches.cut(session, church_id, cuts)
    await outbox.add(
        session,
        *(_created(church_id, m.id, m.kind, m.recipients, m.parts, clock.now()) for m in made),
    )


async def _check_preview(
    session: AsyncSession,
    church_id: UUID,
    draft: Draft,
    preview_hash: str,
    placed: Placed,
    number: Sender,
) -> None:
    money = await allowance.current(session, church_id)
    now = saved_previews.summary(
        draft,
        placed.total,
        placed.parts,
        placed.excluded,
        money,
        number,
        phones_digest=placed.phones_digest,
    )
    await saved_previews.check(session, church_id, preview_hash, now)


def _from_draft(
    church_id: UUID,
    message_id: UUID,
    draft: Draft,
    number: Sender,
    placed: Placed,
    admin_id: UUID,
) -> NewMessage:
    return NewMessage(
        id=message_id,
        church_id=church_id,
        kind=draft.kind,
        content=draft.content,
        media_urls=draft.media_urls,
        target_type=draft.aim.target_type,
        target_ids=draft.aim.target_ids,
        target=draft.aim.shown,
        target_groups=draft.aim.groups,
        sender=number.phone_number,
        carrier=number.carrier,
        profile_id=number.carrier_profile_id,
        recipients=placed.total,
        excluded=placed.excluded,
        zones=placed.zones,
        merge_fields=draft.template.fields,
        parts=placed.parts,
        priority=draft.priority,
        preview_hash=draft.preview_hash,
        schedule_id=draft.schedule_id,
        occurrence_at=draft.occurrence_at,
        latest_at=draft.latest_at,
        undo_until=draft.undo_until,
        override_reason=draft.override_reason,
        created_by=admin_id,
    )


async def insert(session: AsyncSession, message: NewMessage) -> bool:
    """The row of a message whose recipients are all pending; False if the id exists."""
    inserted = await write(session, message.church_id, [message])
    if inserted:
        await open_messages.begin(session, message.church_id, [message.id])
    return bool(inserted)


async def write(session: AsyncSession, church_id: UUID, messages: Sequence[NewMessage]) -> int:
    """The rows of messages; returns how many were not there yet."""
    return await db.run(
        session,
        """
        INSERT INTO messages (id, church_id, kind, content, media_urls, target_type, target_ids,
                              target, target_groups,
                              sender, carrier, carrier_profile_id, total_recipients,
                              pending_count, excluded, zones, merge_fields, parts_estimated,
                              priority, preview_hash, schedule_id, occurrence_at, latest_at,
                              undo_until, ignores_quiet_hours, override_reason, created_by,
                              created_at)
        SELECT id, :church, kind, content, media_urls, target_type, target_ids, target,
               target_groups, sender, carrier, profile_id, recipients, recipients, excluded,
               zones, merge_fields, parts, priority, preview_hash, schedule_id, occurrence_at,
               latest_at, undo_until, override_reason IS NOT NULL, override_reason, created_by, :now
          FROM json_to_recordset(CAST(:messages AS json)) AS given (
               id uuid, kind text, content text, media_urls text[], target_type text,
               target_ids uuid[], target jsonb, target_groups uuid[], sender text, carrier text,
               profile_id text, recipients integer, excluded jsonb, zones jsonb,
               merge_fields text[], parts integer, priority text, preview_hash text,
               schedule_id uuid, occurrence_at timestamptz, latest_at timestamptz,
               undo_until timestamptz, override_reason text, created_by uuid)
        ON CONFLICT DO NOTHING
        """,
        {
            "church": church_id,
            "messages": db.records(map(_columns, messages)),
            "now": clock.now(),
        },
    )


_COLUMNS = tuple(each.name for each in fields(NewMessage) if each.name != "church_id")


def _columns(message: NewMessage) -> dict[str, object]:
    columns = {name: getattr(message, name) for name in _COLUMNS}
    return columns | {"target": message.target or None}


async def announce(
    session: AsyncSession,
    church_id: UUID,
    message_id: UUID,
    kind: MessageKind,
    recipients: int,
    parts: int,
    created_at: datetime | None = None,
) -> None:
    """Ask for approval; ``parts`` is the estimate for all recipients together.

    Its id follows from the message's. So it can be said again, with the ``created_at`` of the
    message, and who has heard it does nothing.
    """
    at = created_at or clock.now()
    await outbox.add(session, _created(church_id, message_id, kind, recipients, parts, at))


def _created(
    church_id: UUID, message_id: UUID, kind: MessageKind, recipients: int, parts: int, at: datetime
) -> MessageCreated:
    return MessageCreated(
        id=uuid5(message_id, MessageCreated.name),
        occurred_at=at,
        church_id=church_id,
        message_id=message_id,
        kind=kind,
        recipients=recipients,
        parts=parts,
    )


def estimated_parts(content: str, media_urls: Sequence[str]) -> int:
    """What one text will cost. A text with media is not cut up and counts as one part."""
    return 1 if media_urls else segments.measure(content).parts


def _nobody(excluded: Mapping[str, int]) -> NoReachableMembers:
    left_out = {reason: count for reason, count in excluded.items() if reason != DUPLICATE}
    if not left_out:
        return NoReachableMembers()
    details = {to_camel(reason): count for reason, count in left_out.items()}
    phones = sum(left_out.values())
    people = "The one phone" if phones == 1 else f"All {phones} phones"
    if left_out.keys() == {Reason.OPTED_OUT}:
        sentence = "asked not to be texted. They can text START to come back."
    elif left_out.keys() == {Reason.STOP_ASKED}:
        sentence = "may have asked to stop. Settle it in the conversation, or by their START."
    else:
        sentence = "must be left out; details say why. Choose another target."
    return NoReachableMembers(f"{people} of this target {sentence}", details=details)
