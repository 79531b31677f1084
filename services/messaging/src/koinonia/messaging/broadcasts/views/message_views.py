"""Rows as clients see them."""

from datetime import datetime
from typing import Any

from koinonia.carriers.failures import Failure
from koinonia.common.phone import Phones
from koinonia.messaging.broadcasts.accepting.replies import NO_ACTIVE_NUMBER
from koinonia.messaging.broadcasts.controls.unsent_texts import CANCELLED, DECLINED
from koinonia.messaging.broadcasts.reconciliation.overdue_reports import NO_REPORT
from koinonia.messaging.broadcasts.sending.quiet_gate import TOO_LATE, Held
from koinonia.messaging.composing.template_text import Template
from koinonia.messaging.errors import NoActiveNumber
from koinonia.messaging.messages import counters
from koinonia.messaging.messages.schemas import (
    Counts,
    Emergency,
    Excluded,
    MessageDetail,
    MessageItem,
    Parts,
    QuietHours,
    Reason,
    RecipientFailure,
    RecipientItem,
)

_SENTENCES = {
    NO_ACTIVE_NUMBER: NoActiveNumber.message,
    DECLINED: "The plan did not allow this message, so nothing was sent.",
    NO_REPORT: "The mobile network never said whether the text arrived.",
    CANCELLED: "The message was cancelled before this text was sent.",
    TOO_LATE: "The time by which this text had to leave was over, so it was not sent.",
} | {failure: failure.sentence for failure in Failure}


def item(row: Any) -> MessageItem:
    return MessageItem(**_item(row))


def detail(row: Any, finishes_at: datetime | None, held: Held) -> MessageDetail:
    return MessageDetail(
        **_item(row),
        target_ids=row.target_ids,
        excluded=Excluded(**row.excluded),
        parts=Parts(estimated=row.parts_estimated, billed=row.parts_billed),
        declined=_reason(row.decline_code, row.decline_reason),
        paused=_reason(row.pause_code, row.pause_reason) if row.status == "paused" else None,
        cancelled_at=row.cancelled_at,
        finishes_at=finishes_at,
        quiet_hours=QuietHours(held=held.texts, until=held.until),
        emergency=Emergency(reason=row.override_reason) if row.ignores_quiet_hours else None,
        schedule_id=row.schedule_id,
        latest_at=row.latest_at,
    )


def recipient(row: Any, phones: Phones, template: Template) -> RecipientItem:
    return RecipientItem(
        id=row.id,
        member_id=row.member_id,
        first_name=row.first_name,
        last_name=row.last_name,
        phone=phones.open(row.phone_sealed),
        content=template.render(row.merge_values or ()),
        status=row.status,
        failure=_failure(row.failure),
        parts=row.parts_billed,
        sent_at=row.sent_at,
        settled_at=row.settled_at,
    )


def _item(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "status": row.status,
        "content": row.content,
        "media_urls": row.media_urls,
        "target_type": row.target_type,
        "total_recipients": row.total_recipients,
        "counts": Counts(**{str(k): count for k, count in counters.counts(row).items()}),
        "created_at": row.created_at,
        "started_at": row.started_at,
        "completed_at": row.completed_at,
    }


def _reason(code: str | None, reason: str | None) -> Reason | None:
    return Reason(code=code, reason=reason or "") if code else None


def _failure(name: str | None) -> RecipientFailure | None:
    if name is None:
        return None
    sentence = _SENTENCES.get(name, Failure.UNKNOWN.sentence)
    return RecipientFailure(code=name, message=sentence)
