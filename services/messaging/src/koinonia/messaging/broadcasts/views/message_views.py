"""Messages and their recipients as clients see them."""

from collections.abc import Sequence
from datetime import datetime

from koinonia.carriers.failures import Failure
from koinonia.common.events.billing import DeclineCode
from koinonia.common.events.messaging import DeliveryStatus, MessageKind, OwnFailure
from koinonia.common.phone import Phones
from koinonia.common.web import Json
from koinonia.common.words import highlights
from koinonia.common.words.highlights import Span
from koinonia.messaging.broadcasts.sending.quiet_gate import Held
from koinonia.messaging.composing.template_text import Template
from koinonia.messaging.errors import NoActiveNumber, NumberDisconnected
from koinonia.messaging.messages.queries import FailedTexts, ListedBroadcast, Message, Recipient
from koinonia.messaging.messages.schemas import (
    Declined,
    Emergency,
    Excluded,
    FailureCount,
    FailureList,
    HeldTexts,
    MessageDetail,
    Parts,
    Paused,
    RecipientFailure,
    RecipientItem,
)
from koinonia.messaging.people.targets import shown_target
from koinonia.messaging.people.targets.target_schemas import TargetType
from koinonia.messaging.vocabulary import MessageStatus, PauseCode

_STATUSES = [str(status) for status in DeliveryStatus]  # in the order of the counters
_SENTENCES: dict[Failure | OwnFailure, str] = {
    OwnFailure.NO_ACTIVE_NUMBER: NoActiveNumber.message,
    OwnFailure.NO_CONSENT: "Nobody is known to have agreed to texts to this phone, and it never "
    "texted you.",
    OwnFailure.NUMBER_DISCONNECTED: NumberDisconnected.message,
    OwnFailure.DECLINED: "The plan did not allow this message, so nothing was sent.",
    OwnFailure.NO_REPORT: "The mobile network never said whether the text arrived.",
    OwnFailure.CANCELLED: "The message was cancelled before this text was sent.",
    OwnFailure.TOO_LATE: "The time by which this text had to leave was over, so it was not sent.",
} | {failure: failure.sentence for failure in Failure}


def item(message: Message | ListedBroadcast, found: list[Span] | None = None) -> Json:
    """The JSON of a ``ListedMessage``. ``found``: where the words of a search stand in its text."""
    shown: Json = {
        "id": message.id,
        "isTest": message.kind == MessageKind.TEST,
        "status": message.status,
        "content": message.content,
        "mediaUrls": message.media_urls,
        "fromNumber": message.sender,
        "targetType": message.target_type,
        "totalRecipients": message.total_recipients,
        "counts": dict(zip(_STATUSES, message.counts, strict=True)),
        "createdAt": message.created_at,
        "startedAt": message.started_at,
        "completedAt": message.completed_at,
        "responses": {"replied": message.responses[0], "stopped": message.responses[1]},
    }
    if found is not None:
        shown["highlights"] = highlights.highlights(found)
    return shown


def detail(message: Message, finishes_at: datetime | None, held: Held) -> MessageDetail:
    is_paused = message.status == MessageStatus.PAUSED
    reason = message.override_reason
    return MessageDetail(
        **item(message),
        target_ids=message.target_ids,
        target=shown_target.shown(
            TargetType(message.target_type), message.target_ids, message.target
        ),
        excluded=Excluded(**message.excluded),
        parts=Parts(estimated=message.parts_estimated, billed=message.parts_billed),
        declined=_declined(message),
        paused=_paused(message) if is_paused else None,
        cancelled_at=message.cancelled_at,
        finishes_at=finishes_at,
        quiet_hours=HeldTexts(held=held.texts, until=held.until),
        emergency=Emergency(reason=reason) if message.ignores_quiet_hours and reason else None,
        schedule_id=message.schedule_id,
        latest_at=message.latest_at,
        undo_until=message.undo_until,
    )


def recipient(text: Recipient, phones: Phones, template: Template) -> RecipientItem:
    return RecipientItem(
        id=text.id,
        member_id=text.member_id,
        first_name=text.first_name,
        last_name=text.last_name,
        phone=phones.open(text.phone_sealed),
        content=template.render(text.merge_values or ()),
        status=DeliveryStatus(text.status),
        failure=failure(text.failure),
        parts=text.parts_billed,
        sent_at=text.sent_at,
        settled_at=text.settled_at,
        replied_at=text.replied_at,
        stopped_at=text.stopped_at,
        conversation_id=text.conversation_id,
    )


def failures(counted: Sequence[FailedTexts]) -> FailureList:
    return FailureList(
        data=[
            FailureCount(status=DeliveryStatus(each.status), failure=said, texts=each.texts)
            for each in counted
            if (said := failure(each.failure)) is not None
        ]
    )


def _declined(message: Message) -> Declined | None:
    if message.decline_code is None:
        return None
    return Declined(code=DeclineCode(message.decline_code), reason=message.decline_reason or "")


def _paused(message: Message) -> Paused | None:
    code = message.pause_code
    if code is None:
        return None
    said = PauseCode.STAFF if code == PauseCode.STAFF else Failure(code)
    return Paused(code=said, reason=message.pause_reason or "")


def failure(name: str | None) -> RecipientFailure | None:
    if name is None:
        return None
    code = OwnFailure(name) if name in set(OwnFailure) else Failure(name)
    return RecipientFailure(code=code, message=_SENTENCES[code])
