"""Messages and their recipients as clients see them."""

from datetime import datetime

from koinonia.carriers.failures import Failure
from koinonia.common.phone import Phones
from koinonia.messaging.broadcasts.accepting.replies import NO_ACTIVE_NUMBER, NO_CONSENT
from koinonia.messaging.broadcasts.controls.unsent_texts import CANCELLED, DECLINED
from koinonia.messaging.broadcasts.reconciliation.overdue_reports import NO_REPORT
from koinonia.messaging.broadcasts.sending.quiet_gate import TOO_LATE, Held
from koinonia.messaging.composing.template_text import Template
from koinonia.messaging.errors import NoActiveNumber
from koinonia.messaging.messages.queries import Message, Recipient
from koinonia.messaging.messages.schemas import (
    Counts,
    Emergency,
    Excluded,
    HeldTexts,
    MessageDetail,
    MessageItem,
    Parts,
    Reason,
    RecipientFailure,
    RecipientItem,
)
from koinonia.messaging.messages.statuses import MessageStatus

_SENTENCES = {
    NO_ACTIVE_NUMBER: NoActiveNumber.message,
    NO_CONSENT: "Nobody is known to have agreed to texts to this phone, and it never texted you.",
    DECLINED: "The plan did not allow this message, so nothing was sent.",
    NO_REPORT: "The mobile network never said whether the text arrived.",
    CANCELLED: "The message was cancelled before this text was sent.",
    TOO_LATE: "The time by which this text had to leave was over, so it was not sent.",
} | {failure: failure.sentence for failure in Failure}


def item(message: Message) -> MessageItem:
    return MessageItem(
        id=message.id,
        status=message.status,
        content=message.content,
        media_urls=message.media_urls,
        from_number=message.sender,
        target_type=message.target_type,
        total_recipients=message.total_recipients,
        counts=Counts(**{str(status): count for status, count in message.by_status.items()}),
        created_at=message.created_at,
        started_at=message.started_at,
        completed_at=message.completed_at,
    )


def detail(message: Message, finishes_at: datetime | None, held: Held) -> MessageDetail:
    is_paused = message.status == MessageStatus.PAUSED
    reason = message.override_reason
    return MessageDetail(
        **dict(item(message)),
        target_ids=message.target_ids,
        excluded=Excluded(**message.excluded),
        parts=Parts(estimated=message.parts_estimated, billed=message.parts_billed),
        declined=_reason(message.decline_code, message.decline_reason),
        paused=_reason(message.pause_code, message.pause_reason) if is_paused else None,
        cancelled_at=message.cancelled_at,
        finishes_at=finishes_at,
        quiet_hours=HeldTexts(held=held.texts, until=held.until),
        emergency=Emergency(reason=reason) if message.ignores_quiet_hours and reason else None,
        schedule_id=message.schedule_id,
        latest_at=message.latest_at,
    )


def recipient(text: Recipient, phones: Phones, template: Template) -> RecipientItem:
    return RecipientItem(
        id=text.id,
        member_id=text.member_id,
        first_name=text.first_name,
        last_name=text.last_name,
        phone=phones.open(text.phone_sealed),
        content=template.render(text.merge_values or ()),
        status=text.status,
        failure=_failure(text.failure),
        parts=text.parts_billed,
        sent_at=text.sent_at,
        settled_at=text.settled_at,
    )


def _reason(code: str | None, reason: str | None) -> Reason | None:
    return Reason(code=code, reason=reason or "") if code else None


def _failure(name: str | None) -> RecipientFailure | None:
    if name is None:
        return None
    sentence = _SENTENCES.get(name, Failure.UNKNOWN.sentence)
    return RecipientFailure(code=name, message=sentence)
